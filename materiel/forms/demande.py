"""The request of a loan: five answers, fewer when the thing has already answered."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, Value, When

from collectivites.champs import NomFormField
from collectivites.models import Agent, Habilitation
from extranet.lib.francais import euros, jour
from materiel.enums import Conducteur, Transport
from materiel.forms.periode import PeriodeForm
from materiel.models import Materiel, ReglementPretPage
from materiel.prets.demandes import Options
from materiel.registre.regles import obstacles, wrong_hours

if TYPE_CHECKING:
    from django.http import QueryDict

    from collectivites.models import Collectivite


class ConducteurField(forms.ModelChoiceField):
    """Each person with the titles that the thing asks, and the day they end."""

    titres: dict[int, str]

    def label_from_instance(self, agent: Agent) -> str:
        titles = self.titres.get(agent.pk, "")
        return f"{agent.nom_complet}, {titles}" if titles else agent.nom_complet


class DemandeForm(PeriodeForm):
    """For a thing, and the collectivité that asks for it."""

    quantite = forms.IntegerField(
        label="Combien",
        min_value=1,
        initial=1,
        error_messages={"min_value": "Demandez-en un au moins.", "required": "Dites combien il vous en faut."},
    )
    usage = NomFormField(
        label="Pour quels travaux, quelle occasion",
        max_length=200,
        error_messages={"required": "Dites pour quoi, par exemple «\u00a0curage du fossé, chemin des Vignes\u00a0»."},
    )
    lieu_usage = NomFormField(label="Où il servira", max_length=200, required=False)
    avec_conducteur = forms.TypedChoiceField(
        label="Qui conduira",
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    conducteur = ConducteurField(
        label="Le nom de qui conduira",
        queryset=Agent.objects.none(),
        required=False,
        empty_label="Nous le dirons plus tard",
    )
    transport = forms.ChoiceField(label="Transport", widget=forms.RadioSelect, initial=Transport.RETRAIT)
    heure_remise = forms.TimeField(
        label="Heure de départ souhaitée",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    heure_retour = forms.TimeField(
        label="Heure de retour", required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    message = forms.CharField(
        label="Message", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reglement = forms.BooleanField(
        label="Nous acceptons le règlement de prêt",
        required=False,
        error_messages={"required": "Acceptez le règlement de prêt\u00a0: il engage votre commune."},
    )
    attente = forms.BooleanField(required=False, widget=forms.HiddenInput)
    combien = 1

    def __init__(
        self,
        data: "QueryDict | None" = None,
        *,
        materiel: Materiel,
        collectivite: "Collectivite",
        lecteur: Agent,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.materiel, self.collectivite, self.lecteur = materiel, collectivite, lecteur
        self.page_reglement = ReglementPretPage.objects.filter(live=True).first()
        self._drop_what_is_known()
        if "conducteur" in self.fields:
            self._fill_drivers()
        owner = materiel.collectivite
        if "quantite" in self.fields:
            self.fields["quantite"].label = f"Combien, sur {materiel.stock}"
        if "avec_conducteur" in self.fields:
            price = f", {euros(materiel.tarif_conducteur)} de l’heure" if materiel.tarif_conducteur else ""
            theirs = f"Le conducteur {owner.de_nom}{price}"
            self.fields["avec_conducteur"].choices = [("", "Une personne de chez nous"), ("1", theirs)]
        if "transport" in self.fields:
            price = f", {euros(materiel.prix_livraison)}" if materiel.prix_livraison else ""
            self.fields["transport"].choices = [
                (Transport.RETRAIT, "Nous venons le chercher"),
                (Transport.LIVRAISON, f"Livraison par {owner.nom}{price}"),
            ]

    def _drop_what_is_known(self) -> None:
        materiel = self.materiel
        if materiel.stock <= 1:
            del self.fields["quantite"]
        if materiel.conducteur != Conducteur.POSSIBLE:
            del self.fields["avec_conducteur"]
        if materiel.conducteur == Conducteur.OBLIGATOIRE or not materiel.habilitations.all():
            del self.fields["conducteur"]
        if materiel.transport != Transport.LIVRAISON:
            del self.fields["transport"]
        if self.page_reglement is None:
            del self.fields["reglement"]
        else:
            self.fields["reglement"].required = True

    def _fill_drivers(self) -> None:
        """Those who hold what is asked first, with the end of their titles, if this reader may know of them."""
        field, kinds = self.fields["conducteur"], list(self.materiel.habilitations.all())
        people = Agent.objects.of(self.collectivite)
        held = Habilitation.objects.visible_to(self.lecteur).valid().filter(type__in=kinds, agent__in=people)
        titles: dict[int, list[str]] = {}
        for one in held.select_related("type").order_by("valable_jusqu_au", "pk"):
            end = f" valable jusqu’au {jour(one.valable_jusqu_au)}" if one.valable_jusqu_au else ""
            titles.setdefault(one.agent_id, []).append(f"{one.type.libelle}{end}")
        rank = Case(When(pk__in=list(titles), then=Value(0)), default=Value(1))
        field.queryset = people.order_by(rank, "nom", "prenom")
        field.titres = {pk: ", ".join(words) for pk, words in titles.items()}
        field.help_text = f"Demandé pour ce matériel\u00a0: {', '.join(kind.libelle for kind in kinds)}."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.combien = cleaned.get("quantite") or 1
        if self.is_dated() and not self.errors:
            for obstacle in obstacles(self.materiel, self.debut, self.fin, self.combien):
                self.add_obstacle(obstacle)
            hours = cleaned.get("heure_remise"), cleaned.get("heure_retour")
            for name, words in wrong_hours(self.debut, self.fin, *hours).items():
                self.add_error(name, words)
        return cleaned

    @property
    def choices(self) -> Options:
        given = self.cleaned_data
        return Options(
            lieu_usage=given["lieu_usage"],
            avec_conducteur=given.get("avec_conducteur", False),
            conducteur=given.get("conducteur"),
            transport=Transport(given.get("transport") or Transport.RETRAIT),
            heure_remise=given["heure_remise"],
            heure_retour=given["heure_retour"],
            message=given["message"],
        )
