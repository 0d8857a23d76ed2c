"""« Proposer un matériel »: five questions, and all the rest answered in advance by the category."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict

from collectivites.champs import NomFormField
from collectivites.models import Agent, Collectivite
from extranet.lib.noms import plain
from extranet.lib.typographie import space
from materiel.contrats.textes_libres import editable_text
from materiel.enums import Mode
from materiel.models import Categorie, Materiel
from materiel.parc.accessoires import Piece, as_text, parse
from materiel.parc.categories import REGLAGES, propose, reglage
from materiel.parc.lieux import AUTRE, lieux_of

STOCK_MAX = 10_000
EXEMPLE = "«\u00a0Barnum 3\u00a0×\u00a03\u00a0m\u00a0»"
EUROS = ("prix_livraison", "tarif_jour", "tarif_conducteur", "cout_jour", "valeur_remplacement", "caution")
TROP = "Donnez un nombre entre 1 et 10\u202f000. Au-delà, partagez le lot en plusieurs fiches."


class MaterielForm(forms.ModelForm):
    """A thing and its sheet. While it is new, what nobody touched follows its category (`reglages_de`)."""

    # The order of the five questions: that of the summary of what is to be corrected.
    field_order = ("photo", "nom", "categorie", "stock", "lieu", "lieu_autre")

    nom = NomFormField(
        label="Comment l’appelez-vous\u00a0?",
        max_length=120,
        help_text=f"Le nom que vos collègues emploient, avec sa taille. Par exemple {EXEMPLE}.",
        error_messages={
            "required": f"Donnez-lui un nom, par exemple {EXEMPLE}.",
            "max_length": "Ce nom est trop long\u00a0: gardez 120 caractères. Le reste ira dans la description.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "next"}),
    )
    photo = forms.FileField(label="Une photo", required=False)
    categorie = forms.ModelChoiceField(
        label="C’est pour quoi\u00a0?",
        queryset=Categorie.objects.all(),
        to_field_name="code",
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Cette catégorie n’existe pas, ou n’existe plus. Choisissez-en une autre."},
    )
    stock = forms.IntegerField(
        label="Combien en prêtez-vous\u00a0?",
        min_value=1,
        max_value=STOCK_MAX,
        initial=1,
        help_text="Des barrières ou des chaises\u00a0? Comptez-les toutes\u00a0: chaque commune pourra en demander une "
        "partie.",
        error_messages={
            "required": "Dites combien vous en prêtez, par exemple 1.",
            "invalid": "Écrivez un nombre entier, par exemple 80.",
            "min_value": "Prêtez-en au moins un. Pour ne plus le prêter, retirez-le du prêt.",
            "max_value": TROP,
        },
    )
    lieu = forms.ChoiceField(
        label="Où vient-on le chercher\u00a0?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Dites où l’on vient le chercher.",
            "invalid_choice": "Ce lieu n’est plus proposé. Choisissez-en un autre, ou écrivez-le.",
        },
    )
    lieu_autre = NomFormField(label="Quel lieu\u00a0?", max_length=200, required=False)
    accroche = NomFormField(
        label="En une ligne",
        max_length=120,
        required=False,
        help_text="Lue sous le nom\u00a0: «\u00a0Monté en dix minutes à deux\u00a0».",
    )
    description = forms.CharField(
        label="Description", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    accessoires = forms.CharField(
        label="Accessoires prêtés avec",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Un par ligne, le nombre devant\u00a0: «\u00a02\u00a0rampes\u00a0». La valeur de remplacement, si "
        "vous voulez, entre parenthèses\u00a0: «\u00a03\u00a0godets (450\u00a0€)\u00a0».",
    )
    numeros = forms.CharField(
        label="Numéros des unités",
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Seulement si chaque unité porte un numéro\u00a0: un par ligne. On les choisit à la remise.",
    )
    reglages_de = forms.CharField(required=False, widget=forms.HiddenInput)
    categorie_proposee = forms.CharField(required=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Materiel
        fields = (
            *("categorie", "preavis_jours", "duree_max_jours", "tampon_avant", "tampon_apres", "part_max"),
            *("habilitations", "conducteur", "conducteur_nom", "prise_en_main"),
            *("transport", "carburant", "compteur", *EUROS),
            *("unite", "inventaire", "horaires", "contact", "consignes", "accord_direct"),
        )
        widgets = {"habilitations": forms.CheckboxSelectMultiple, "consignes": forms.Textarea(attrs={"rows": 3})}
        localized_fields = EUROS

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Any = None,
        *,
        agent: Agent,
        collectivite: Collectivite,
        **kwargs: Any,
    ) -> None:
        thing = kwargs["instance"]
        self.nouveau = thing.pk is None or thing.page.first_published_at is None
        self.collectivite = collectivite
        self.categories = list(Categorie.objects.select_related("habilitation"))
        self.proposee: Categorie | None = None
        if data is not None:
            data = self._followed(data.copy())
        super().__init__(data, files, **kwargs)
        self._fill(agent)
        for field in self.fields.values():
            # Those of the model are typed plainly.
            field.help_text = space(str(field.help_text))
        for name in EUROS:
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})
            self.fields[name].widget.is_localized = True

    def _fill(self, agent: Agent) -> None:
        thing = self.instance
        lieux = lieux_of(self.collectivite, thing.lieu)
        self.fields["lieu"].choices = [(one, "|".join(map(str.strip, one.split(",", 1)))) for one in lieux] + [
            (AUTRE, "Un autre lieu")
        ]
        colleagues = Agent.objects.in_office().of(self.collectivite).values("pk")
        people = Agent.objects.filter(
            Q(pk__in=colleagues) | Q(pk__in=[agent.pk, thing.contact_id, thing.conducteur_nom_id])
        )
        for name in ("contact", "conducteur_nom"):
            self.fields[name].queryset = people.order_by("nom", "prenom")
            self.fields[name].empty_label = (
                "Les gestionnaires de la commune" if name == "contact" else "À choisir plus tard"
            )
        self.initial |= {"lieu": thing.lieu or lieux[0], "stock": thing.stock}
        if thing.pk is None:
            del self.fields["numeros"]
            self.initial |= {"contact": agent.pk, **{name: reglage(None, name) for name in REGLAGES}}
            return
        page = thing.page.get_latest_revision_as_object()
        self.initial |= {
            "nom": page.title,
            "accroche": page.accroche,
            "description": editable_text(page.corps) or "",
            "accessoires": as_text(thing.accessoires.all()),
            "categorie": thing.categorie.code,
            "reglages_de": thing.categorie.code,
            "numeros": "\n".join(thing.numeros.filter(en_service=True).values_list("numero", flat=True)),
            "base": str(thing.page.latest_revision_id or ""),
        }
        if editable_text(page.corps) is None:
            del self.fields["description"]
        if thing.mode == Mode.PARC:
            del self.fields["stock"]

    def _followed(self, data: QueryDict) -> QueryDict:
        """The category from the name unless somebody chose it; then its answers, where the former’s were left."""
        if not self.nouveau:
            return data
        sent, said = data.get("categorie", ""), data.get("categorie_proposee", "")
        guess = propose(data.get("nom", ""), self.categories)
        if guess is not None and sent in {"", said}:
            self.proposee = guess
            data["categorie"] = data["categorie_proposee"] = guess.code
        by_code = {one.code: one for one in self.categories}
        before, now = by_code.get(data.get("reglages_de", "")), by_code.get(data.get("categorie", ""))
        if now is None or now == before:
            return data
        for name in REGLAGES:
            if name == "habilitations":
                if data.getlist(name) == reglage(before, name):
                    data.setlist(name, reglage(now, name))
            elif data.get(name, reglage(before, name)) == reglage(before, name):
                data[name] = reglage(now, name)
        data["reglages_de"] = now.code
        return data

    def clean_categorie(self) -> Categorie:
        found = self.cleaned_data.get("categorie")
        if found is None:
            raise ValidationError("Choisissez à quoi il sert\u00a0: la catégorie règle le reste d’avance.")
        return found

    def clean_accessoires(self) -> list[Piece]:
        return parse(self.cleaned_data["accessoires"])

    def clean_numeros(self) -> list[str]:
        numeros = [one for one in (plain(line) for line in self.cleaned_data["numeros"].splitlines()) if one]
        if twice := next((one for one in numeros if numeros.count(one) > 1), None):
            raise ValidationError(f"Le numéro «\u00a0{twice}\u00a0» figure deux fois. Gardez une ligne.")
        if long := next((one for one in numeros if len(one) > 40), None):
            raise ValidationError(f"Le numéro «\u00a0{long[:20]}…\u00a0» est trop long\u00a0: 40 caractères au plus.")
        if len(numeros) > STOCK_MAX // 10:
            raise ValidationError("Un parc compte 1\u202f000 unités au plus. Partagez-le en plusieurs fiches.")
        if not numeros and "stock" not in self.fields:
            raise ValidationError("Gardez au moins un numéro. Pour ne plus le prêter, retirez-le du prêt.")
        return numeros

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("lieu") == AUTRE:
            cleaned["lieu"] = cleaned.get("lieu_autre", "")
            if not cleaned["lieu"] and "lieu_autre" not in self.errors:
                self.add_error("lieu_autre", "Écrivez le lieu, par exemple «\u00a0Atelier, 12 rue des Prés\u00a0».")
        return cleaned

    @property
    def choisie(self) -> Categorie | None:
        """The category as it stands on the page."""
        code = self["categorie"].value()
        return next((one for one in self.categories if one.code == code), None)
