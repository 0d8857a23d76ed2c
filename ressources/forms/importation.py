"""The form of a bulk import."""

from django import forms


class ImportForm(forms.Form):
    archive = forms.FileField(label="L’archive ZIP des fichiers", help_text="250 Mo au plus.")
    tableau = forms.FileField(
        label="Le tableau qui les décrit",
        help_text="XLSX ou CSV. Une ligne par fichier\u00a0: Fichier, Titre, À quoi ça sert, Thème, Type, Commune, "
        "Visible par, Mots-clés, Référence de texte, Date d’effet, À vérifier avant le. Seule la première colonne est "
        "obligatoire. Pour une photo, dites aussi\u00a0: Ce qu’on y voit, Qui s’y reconnaît (personne, foule, adultes "
        "d’accord, ou mineurs, parents d’accord), Qui est d’accord, et comment, Accord jusqu’au, Lieu, Prise le, "
        "Crédit.",
    )
