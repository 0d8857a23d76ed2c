"""The form of an état des lieux: element by element, then the counts, the meter and the two names."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from collectivites.champs import NomFormField
from collectivites.models import Agent
from materiel.constats.departs import titles_to_see, unseen_titles
from materiel.constats.elements import ElementPrevu
from materiel.constats.passation import Donnees
from materiel.contrats.parties import capital
from materiel.entraide.presents import Present
from materiel.enums import Carburant, Cote, Mode, TypeConstat
from materiel.forms.elements import PHRASES, ElementForm, cleaned
from materiel.models import Affectation, Pret, Unite

if TYPE_CHECKING:
    from django.http import QueryDict

ELEMENTS_MAX = 60
GARDE = timedelta(days=7)
ABSENT = "absent au rendez-vous"
CARBURANTS = [(one.value, str(one.label).capitalize()) for one in Carburant]
RENDUE, DEHORS, PERDUE = "rendue", "dehors", "perdue"
UNITES = "Cochez les unités qui partent\u00a0: elles sont numérotées."
CONDUCTEUR = "Écrivez qui conduira, prénom et nom."
HEURES = "Écrivez des heures, par exemple 1482,5."
MAUVAIS = ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")


class ConstatForm(forms.Form):
    """What is said once for the whole; the two names are those of people who stood there."""

    cle = forms.UUIDField(widget=forms.HiddenInput)
    fait_le = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    nombre = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=ELEMENTS_MAX)
    compteur = forms.DecimalField(
        label="Compteur d’heures",
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=1,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=dict.fromkeys(MAUVAIS, HEURES),
    )
    carburant = forms.ChoiceField(label="Carburant", choices=CARBURANTS, widget=forms.RadioSelect, required=False)
    remarque = forms.CharField(
        label="Remarque générale", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    vu_preteur = forms.BooleanField(required=False)
    nom_preteur = NomFormField(label="Pour le prêteur", max_length=170, required=False)
    vu_emprunteur = forms.BooleanField(required=False)
    nom_emprunteur = NomFormField(label="Pour l’emprunteur", max_length=170, required=False)

    genre = TypeConstat.REMISE

    def __init__(
        self,
        data: "QueryDict | None",
        files: "MultiValueDict | None",
        *,
        pret: Pret,
        attendus: list[ElementPrevu],
        presents: dict[Cote, Present],
        auto_id: str = "id_%s",
    ) -> None:
        names = {f"nom_{cote}": one.nom for cote, one in presents.items()}
        initial = {"cle": uuid4(), "nombre": len(attendus), **names, **self.first(pret)}
        super().__init__(data, files, initial=initial, auto_id=auto_id)
        self.pret, self.presents = pret, presents
        self.lignes = list(self._lines(data, files, attendus))
        if not pret.materiel.compteur:
            del self.fields["compteur"]
        if not pret.materiel.carburant:
            del self.fields["carburant"]
        for cote, one in presents.items():
            self.fields[f"nom_{cote}"].label = f"Qui est venu pour {one.place.nom}"

    def first(self, pret: Pret) -> dict[str, Any]:
        return {}

    def _lines(
        self, data: "QueryDict | None", files: "MultiValueDict | None", attendus: list[ElementPrevu]
    ) -> Iterator[ElementForm]:
        by_name = {one.nom: one for one in attendus}
        if data is None:
            for rank, one in enumerate(attendus):
                initial = {"nom": one.nom, "prevu": one.prevu}
                yield ElementForm(prefix=f"e{rank}", initial=initial, attendu=one, facultatif=self.facultatif)
            return
        asked = str(data.get("nombre", ""))
        count = min(int(asked), ELEMENTS_MAX) if asked.isascii() and asked.isdigit() else 0
        for rank in range(count):
            photos = files.getlist(f"e{rank}-photos") if files else []
            nom = data.get(f"e{rank}-nom", "")
            known = by_name.get(nom, ElementPrevu(nom))
            yield ElementForm(data, prefix=f"e{rank}", photos=photos, attendu=known, facultatif=self.facultatif)

    @property
    def facultatif(self) -> bool:
        return self.genre == TypeConstat.REMISE

    def is_valid(self) -> bool:
        lines = [one.is_valid() for one in self.lignes]
        return super().is_valid() and all(lines)

    @property
    def a_corriger(self) -> bool:
        return bool(self.errors) or any(one.errors for one in self.lignes)

    def clean_fait_le(self) -> datetime:
        """When it was done, which the device says: within the week that it may wait there, and never to come."""
        said, now = self.cleaned_data["fait_le"], timezone.now()
        return said if said is not None and now - GARDE <= said <= now else now

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        self._check_names(given)
        try:
            given["photos"] = cleaned(self.files.getlist("photos") if self.files else [])
        except forms.ValidationError as refusal:
            self.add_error(None, refusal)
        return given

    def _check_names(self, given: dict[str, Any]) -> None:
        for cote, one in self.presents.items():
            nom, seen = f"nom_{cote}", f"vu_{cote}"
            if not given.get(seen):
                if self.genre == TypeConstat.RESTITUTION and cote == Cote.EMPRUNTEUR:
                    given[nom] = ABSENT
                    continue
                self.add_error(seen, _tick(one))
            elif not given.get(nom) and nom not in self.errors:
                self.add_error(nom, _name(one))

    def donnees(self) -> Donnees:
        given = self.cleaned_data
        return Donnees(
            nom_preteur=given["nom_preteur"],
            nom_emprunteur=given["nom_emprunteur"],
            agent_preteur=self._agent(Cote.PRETEUR),
            agent_emprunteur=self._agent(Cote.EMPRUNTEUR),
            elements=tuple(seen for one in self.lignes if (seen := one.seen)),
            compteur=given.get("compteur"),
            carburant=given.get("carburant", ""),
            remarque=given["remarque"],
            photos=given["photos"],
            fait_le=given["fait_le"],
            cle=given["cle"],
            **self.counts(),
        )

    def counts(self) -> dict[str, Any]:
        raise TypeError("Une remise ou un retour dit ce qu’il compte.")

    def _agent(self, cote: Cote) -> Agent | None:
        """The account of whom was expected, when it is they who came."""
        expected = self.presents[cote].agent
        came = self.cleaned_data[f"nom_{cote}"]
        return expected if expected is not None and expected.nom_complet == came else None

    def toutes_les_erreurs(self) -> list[tuple[str, str]]:
        """(id of the control, sentence), in the order of the page: what a device shows without loading the page."""
        found = []
        for line in self.lignes:
            for name, sentences in line.errors.items():
                target = f"{line.prefix}-etat_0" if name in {"__all__", "etat"} else f"{line.prefix}-{name}"
                found.append((f"id_{target}", f"{capital(line['nom'].value() or '')}\u00a0: {sentences[0]}"))
        for name, sentences in self.errors.items():
            found.append(("" if name == "__all__" else f"id_{name}", sentences[0]))
        return found

    @property
    def verifications(self) -> str:
        """What the device checks before it keeps it: the rules of this form, in its own sentences."""
        return json.dumps({"elements": PHRASES, "champs": self.rules()})

    def rules(self) -> list[dict[str, Any]]:
        found = []
        for cote, one in self.presents.items():
            if self.genre == TypeConstat.REMISE or cote == Cote.PRETEUR:
                found.append({"regle": "coche", "champs": [f"vu_{cote}"], "phrase": _tick(one)})
            found.append({"regle": "nom", "champs": [f"nom_{cote}", f"vu_{cote}"], "phrase": _name(one)})
        if "compteur" in self.fields:
            found.insert(0, {"regle": "heures", "champs": ["compteur"], "decimales": 1, "phrase": HEURES})
        return found


def _tick(one: Present) -> str:
    return f"Cochez le nom de qui est venu pour {one.place.nom}."


def _name(one: Present) -> str:
    return f"Écrivez qui est venu pour {one.place.nom}, prénom et nom."


class RemiseForm(ConstatForm):
    """What leaves: how many, or which numbered units, and who drives when it takes a title."""

    quantite = forms.IntegerField(label="Combien partent", min_value=1)
    unites = forms.ModelMultipleChoiceField(
        label="Lesquelles partent", queryset=Unite.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    nom_conducteur = NomFormField(label="Qui conduira", max_length=170, required=False)
    habilitation_vue = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pret = self.pret
        self.titres = titles_to_see(pret)
        self.fields["habilitation_vue"].label = f"J’ai vu son titre\u00a0: {', '.join(self.titres)}"
        if not self.titres:
            del self.fields["nom_conducteur"], self.fields["habilitation_vue"]
        self._ask_what_leaves(pret)

    def _ask_what_leaves(self, pret: Pret) -> None:
        if pret.materiel.mode == Mode.PARC and pret.materiel.numeros.exists():
            del self.fields["quantite"]
            out = Affectation.objects.filter(rendue_le=None, unite__materiel=pret.materiel)
            free = pret.materiel.numeros.filter(en_service=True).exclude(pk__in=out.values("unite"))
            self.fields["unites"].queryset = free
            self.fields["unites"].label_from_instance = lambda one: f"N°\u00a0{one.numero}"
            self.fields["unites"].error_messages["required"] = UNITES
            self.fields["unites"].help_text = f"{pret.quantite} sont prêtées."
            return
        del self.fields["unites"]
        if pret.materiel.mode == Mode.UNIQUE:
            del self.fields["quantite"]
        else:
            codes = ("required", "invalid", "min_value", "max_value")
            self.fields["quantite"] = forms.IntegerField(
                label="Combien partent",
                min_value=1,
                max_value=pret.quantite,
                error_messages=dict.fromkeys(codes, self.combien),
                help_text=f"{pret.quantite} sont prêtées. S’il en part moins, le reste est libre.",
            )

    @property
    def combien(self) -> str:
        return f"Le prêt porte sur {self.pret.quantite}\u00a0: on en remet entre 1 et {self.pret.quantite}."

    def first(self, pret: Pret) -> dict[str, Any]:
        return {"quantite": pret.quantite, "nom_conducteur": pret.conducteur.nom_complet if pret.conducteur else ""}

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if len(given.get("unites") or ()) > self.pret.quantite:
            self.add_error("unites", self.combien)
        if self.titres and not given.get("nom_conducteur") and "nom_conducteur" not in self.errors:
            self.add_error("nom_conducteur", CONDUCTEUR)
        if self.titres and not given.get("habilitation_vue"):
            self.add_error("habilitation_vue", unseen_titles(self.titres))
        return given

    def rules(self) -> list[dict[str, Any]]:
        top = self.pret.quantite
        asked = {
            "quantite": [{"regle": "entier", "min": 1, "max": top, "phrase": self.combien}],
            "unites": [{"regle": "coche", "phrase": UNITES}, {"regle": "au_plus", "max": top, "phrase": self.combien}],
            "nom_conducteur": [{"regle": "requis", "phrase": CONDUCTEUR}],
            "habilitation_vue": [{"regle": "coche", "phrase": unseen_titles(self.titres) if self.titres else ""}],
        }
        own = [rule | {"champs": [name]} for name, rules in asked.items() if name in self.fields for rule in rules]
        return own + super().rules()

    def counts(self) -> dict[str, Any]:
        given = self.cleaned_data
        units = tuple(given.get("unites") or ())
        driver = {name: given[name] for name in ("nom_conducteur", "habilitation_vue") if name in given}
        return {"quantite": len(units) or given.get("quantite", 1), "unites": units, **driver}
