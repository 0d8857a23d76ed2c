"""What a hostile model may write between its braces, and what it may pile up around them."""

HOSTILES = {
    "attribut": "{{ commune.__class__ }}",
    "attribut profond": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "appel": "{{ commune() }}",
    "methode": "{{ commune.upper() }}",
    "filtre": "{{ commune|attr('__class__') }}",
    "indice": "{{ commune[0] }}",
    "produit": "{{ 'x' * 10**10 }}",
    "puissance": "{{ 9**9**9**9 }}",
    "nom de l’engin": "{{ self }}",
    "contexte": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "boucle": "{% for i in range(10**12) %}x{% endfor %}",
    "boucles": "{% for a in 'aaaaaaaaaa' %}{% for b in 'aaaaaaaaaa' %}{{ commune }}{% endfor %}{% endfor %}",
    "condition": "{% if commune %}x{% endif %}",
    "macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "inclusion": "{% include '/etc/passwd' %}",
    "import": "{% import 'os' as os %}",
    "affectation": "{% set x = 'a' %}",
    "commentaire": "{# rien #}",
    "paragraphe de docxtpl": "{{p commune }}",
    "texte riche": "{{r commune }}",
    "ligne de docxtpl": "{%tr for i in range(9) %}",
    "fusion": "{% colspan 99999999 %}",
    "accolades": "{{ {{ commune }} }}",
    "ouverte": "{{ commune",
    "fermee": "commune }}",
    "inverse": "}}{{",
    "moins": "-%}" * 20_000,
    "deux accolades sans fin": "{{" * 200_000,
    "tout petit": "{{" * 300 + "x",
}

# In the body of a DOCX: many pieces of a paragraph between its fields; what is drawn twice, within itself.
LOURDS = {
    "morceaux": "<w:p>" + ("<w:r><w:t>a</w:t></w:r>" * 75 + "<w:r><w:t>{{ commune }}</w:t></w:r>") * 390 + "</w:p>",
    "doublures": '<w:p xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    + "<mc:Fallback>" * 240
    + "<w:txbxContent/>" * 70_000
    + "</mc:Fallback>" * 240
    + "</w:p>",
    "lettres": "<w:p><w:r><w:t>" + ("x" * 4_000 + "{{ commune }}") * 390 + "</w:t></w:r></w:p>",
    "vides": '<w:p w:rsidR="1"/>' * 30_000,
}
