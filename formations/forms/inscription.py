"""The request of seats: a session, people, how to receive them. What is typed is kept, whatever is wrong."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from collectivites.arrivees import Arrivant, ArriveeRefusee, check
from collectivites.champs import NomFormField
from collectivites.enums import FamilleFonction
from collectivites.models import Fonction
from extranet.lib.pliage import fold
from extranet.lib.typographie import space
from formations.enums import Covoiturage, Repas
from formations.inscrire.candidats import Candidat, Groupe
from formations.inscrire.cartes import Carte
from formations.inscrire.lot import Lot, why_not_newcomer

if TYPE_CHECKING:
    from django.http import QueryDict

    from collectivites.models import Agent, Collectivite
    from formations.models import FormationPage

NOUVEAUX, NOUVEAUX_MAX, PERSONNES_MAX = "nouveau", 10, 60
VOITURE_MAX = 8
COVOITURAGE = [
    (Covoiturage.NON, "Non"),
    (Covoiturage.PROPOSE, "Nous proposons des places|lu par ceux de la même session"),
    (Covoiturage.CHERCHE, "Nous cherchons une place|lu par ceux de la même session"),
]
# A car is offered once, whoever it takes.
COVOITURAGE_A_PLUSIEURS = [
    COVOITURAGE[0],
    (
        Covoiturage.PROPOSE,
        "Nous proposons des places|une seule offre, au nom de la première personne qui a une place",
    ),
    (Covoiturage.CHERCHE, "Nous cherchons une place|pour chaque personne, lu par ceux de la même session"),
]


class Etrangere(Exception):
    """The form names somebody whom this person may not book: it was not written by us."""


class AccueilForm(forms.Form):
    """How to receive the people of a request: meal, carpooling."""

    repas = forms.TypedChoiceField(
        label="Repas de midi",
        coerce=lambda value: value == "oui",
        empty_value=True,
        required=False,
        widget=forms.RadioSelect,
        choices=[("oui", "Sur place"), ("non", "Chacun s’organise")],
    )
    covoiturage = forms.ChoiceField(label="Covoiturage", required=False, widget=forms.RadioSelect, choices=COVOITURAGE)
    covoiturage_places = forms.IntegerField(
        label="Places dans la voiture",
        required=False,
        min_value=1,
        max_value=VOITURE_MAX,
        error_messages={
            "min_value": "Donnez un nombre de 1 à 8.",
            "max_value": "Donnez un nombre de 1 à 8.",
            "invalid": "Donnez un nombre, par exemple 3.",
        },
    )

    def offer_meal(self, repas: str) -> None:
        """Asked only where a meal is served."""
        if repas == Repas.AUCUN:
            del self.fields["repas"]
            return
        meal = "Sur place, offert" if repas == Repas.OFFERT else "Sur place, à payer"
        self.fields["repas"].choices = [("oui", meal), ("non", "Chacun s’organise")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("covoiturage") == Covoiturage.PROPOSE and "covoiturage_places" not in self.errors:
            cleaned["covoiturage_places"] = cleaned.get("covoiturage_places") or 1
        else:
            cleaned["covoiturage_places"] = 0
        return cleaned


class InscriptionForm(AccueilForm):
    """For a training, its sessions and those whom the reader may book. Raises Etrangere for anybody else."""

    session = forms.CharField(label="Session", required=False)
    personnes = forms.MultipleChoiceField(label="Qui inscrivez-vous", required=False)
    prive_besoin = forms.CharField(
        label="Un besoin particulier",
        required=False,
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text="Accessibilité, allergie, aménagement. Seuls les responsables des formations liront ce message.",
    )
    besoin_pour = forms.CharField(label="Pour qui", required=False, widget=forms.Select)
    attente_vue = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: "QueryDict | Mapping | None" = None,
        *,
        page: "FormationPage",
        cartes: Sequence[Carte],
        groupes: Sequence[Groupe],
        places: Sequence["Collectivite"],
        auteur: "Agent",
        lignes: Sequence[Mapping[str, str]] = (),
        **options: Any,
    ) -> None:
        """`places`: those into which newcomers may be welcomed. `lignes`: what was typed of them, not judged yet."""
        super().__init__(data, **options)
        self.cartes = {one.session.numero: one for one in cartes}
        self.candidats: dict[str, Candidat] = {one.cle: one for group in groupes for one in group.candidats}
        self.carte: Carte | None = None
        self.choisis: list[Candidat] = []
        self.fields["personnes"].choices = [(cle, one.agent.nom_complet) for cle, one in self.candidats.items()]
        shown = self.cartes.get(self["session"].value() or "")
        self.offer_meal(shown.session.repas if shown else Repas.AUCUN)
        self.nouveaux = None
        if places:
            more = {"page": page, "auteur": auteur, "places": list(places), "fonctions": fonctions_offered()}
            known = data if data and f"{NOUVEAUX}-TOTAL_FORMS" in data else None
            self.nouveaux = NouveauxFormSet(known, prefix=NOUVEAUX, initial=list(lignes), form_kwargs=more)
        self.pour = self._asked()
        self.fields["besoin_pour"].widget.choices = [("", "Choisir"), *self.pour]
        if len(self.candidats) > 1 or places:
            self.fields["covoiturage"].choices = COVOITURAGE_A_PLUSIEURS

    def _asked(self) -> list[tuple[str, str]]:
        """Those who are ticked and the lines that hold somebody, each with their key; where, for two of one name."""
        ticked = [one for one in self.candidats.values() if one.coche]
        said = [(one.cle, one.agent.nom_complet, one.collectivite.nom) for one in ticked]
        for number, line in enumerate(self.nouveaux.forms if self.nouveaux else []):
            if line.has_changed():
                name = " ".join(filter(None, [line["prenom"].value(), line["nom"].value()]))
                said.append((f"n{number}", name or f"La personne ajoutée, ligne {number + 1}", "sa fiche sera créée"))
        names = Counter(fold(name) for _, name, _ in said)
        return [(key, f"{name} ({where})" if names[fold(name)] > 1 else name) for key, name, where in said]

    def arrivants(self) -> dict[str, Arrivant] | None:
        """Those who have no card yet, by line; None when a line of theirs is wrong."""
        if self.nouveaux is None or not self.nouveaux.is_bound:
            return {}
        return self.nouveaux.arrivants() if self.nouveaux.is_valid() else None

    def clean_session(self) -> str:
        numero = self.cleaned_data["session"]
        self.carte = self.cartes.get(numero)
        if self.carte is None:
            raise forms.ValidationError("Choisissez une session de la liste.")
        if self.carte.obstacle:
            raise forms.ValidationError(self.carte.obstacle)
        return numero

    def clean_personnes(self) -> list[str]:
        keys = list(dict.fromkeys(self.cleaned_data["personnes"]))
        self.choisis = [self.candidats[key] for key in keys]
        people = [one.agent.pk for one in self.choisis]
        if len(set(people)) != len(people):
            raise forms.ValidationError(space("Une personne est cochée pour deux collectivités : gardez-en une."))
        if len(keys) > PERSONNES_MAX:
            raise forms.ValidationError(f"Inscrivez {PERSONNES_MAX} personnes au plus à la fois.")
        return keys

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        newcomers = self.arrivants()
        if newcomers is None:
            self.add_error(None, "Complétez la personne qui n’a pas encore de fiche, ou effacez sa ligne.")
        elif not newcomers and not self.choisis and "personnes" not in self.errors:
            self.add_error("personnes", "Cochez une personne au moins.")
        self._check_need(cleaned)
        return cleaned

    def _check_need(self, cleaned: dict[str, Any]) -> None:
        """A need is that of one person: it is asked which one when there are several."""
        asked = [key for key, _ in self.pour]
        about = cleaned.get("besoin_pour", "")
        if not cleaned.get("prive_besoin") or len(asked) < 2 or about in asked:
            return
        self.add_error("besoin_pour", "Dites pour qui, parmi les personnes que vous inscrivez.")

    def full_clean(self) -> None:
        """Somebody whom we have not offered is not a mistake to correct."""
        if self.is_bound:
            given = self.data.getlist("personnes") if hasattr(self.data, "getlist") else self.data.get("personnes", [])
            if any(key not in self.candidats for key in given):
                raise Etrangere
        super().full_clean()

    @property
    def lot(self) -> Lot:
        given = self.cleaned_data
        return Lot(
            candidats=self.choisis,
            arrivants=self.arrivants() or {},
            repas=given.get("repas", True),
            covoiturage=Covoiturage(given["covoiturage"]),
            covoiturage_places=given["covoiturage_places"],
            besoin=given["prive_besoin"],
            besoin_pour=self.pour[0][0] if len(self.pour) == 1 else given["besoin_pour"],
        )

    def refuse_arrival(self, refusal: ArriveeRefusee) -> None:
        """What was found when writing: two people have added the same one at once."""
        self.add_error(None, str(refusal))


class NouveauForm(forms.Form):
    """Somebody who has no card yet."""

    use_required_attribute = False
    prenom = NomFormField(label="Prénom", max_length=80, error_messages={"required": "Écrivez son prénom."})
    nom = NomFormField(label="Nom", max_length=80, error_messages={"required": "Écrivez son nom."})
    email = forms.EmailField(
        label="Courriel",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Cette adresse n’est pas complète, par exemple prenom.nom@commune.fr."},
    )
    fonction = forms.ModelChoiceField(
        Fonction.objects.none(),
        label="Fonction",
        empty_label="Choisir",
        error_messages={"required": "Choisissez sa fonction.", "invalid_choice": "Choisissez sa fonction."},
    )
    collectivite = forms.TypedChoiceField(label="Collectivité", coerce=int)

    def __init__(
        self,
        *args: Any,
        page: "FormationPage",
        auteur: "Agent",
        places: Sequence["Collectivite"],
        fonctions: Sequence[Fonction],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.page, self.auteur = page, auteur
        self.places = {place.pk: place for place in places}
        self.fields["collectivite"].choices = [(place.pk, place.nom) for place in places]
        self.fields["collectivite"].initial = places[0].pk if places else None
        if len(places) < 2:
            self.fields["collectivite"].widget = forms.HiddenInput()
        field = self.fields["fonction"]
        field.queryset = Fonction.objects.exclude(famille=FamilleFonction.ELUS)
        field.choices = [("", "Choisir"), *((one.pk, one.libelle) for one in fonctions)]
        for name in ("prenom", "nom"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def has_changed(self) -> bool:
        """A line without a name nor an address is an empty line."""
        return any(self[name].value() for name in ("prenom", "nom", "email"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.errors or not self.has_changed():
            return cleaned
        try:
            check(self.auteur, self.arrivant)
        except ArriveeRefusee as refusal:
            self.add_error(refusal.champ, str(refusal))
        if "fonction" in cleaned and (why := why_not_newcomer(self.page, cleaned["fonction"])):
            self.add_error("fonction", why)
        return cleaned

    @property
    def arrivant(self) -> Arrivant:
        given = self.cleaned_data
        place = self.places[given["collectivite"]]
        return Arrivant(place, given["prenom"], given["nom"], given["fonction"], given["email"])


class BaseNouveaux(forms.BaseFormSet):
    """The lines of those who have no card yet; an empty line is nobody."""

    def arrivants(self) -> dict[str, Arrivant]:
        """By line: « n0 », « n1 »…"""
        return {f"n{number}": one.arrivant for number, one in enumerate(self.forms) if one.has_changed()}

    def clean(self) -> None:
        """Twice the same person is one too many."""
        names = [one.arrivant.nom_complet for one in self.forms if one.is_valid() and one.has_changed()]
        if len(set(map(fold, names))) != len(names):
            raise forms.ValidationError("Deux lignes nomment la même personne.")


NouveauxFormSet = forms.formset_factory(
    NouveauForm, BaseNouveaux, extra=0, max_num=NOUVEAUX_MAX, absolute_max=NOUVEAUX_MAX, validate_max=True
)


def fonctions_offered() -> list[Fonction]:
    """Élus are known by the intercommunalité, and are not welcomed here."""
    return list(Fonction.objects.exclude(famille=FamilleFonction.ELUS))
