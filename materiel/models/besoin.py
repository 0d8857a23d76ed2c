"""Needs: what a commune looks for, and who says « Nous pouvons aider »."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collectivites.champs import NomField
from collectivites.models import Collectivite
from materiel.enums import StatutBesoin
from materiel.models.categorie import Categorie
from materiel.models.materiel import Materiel
from materiel.models.pret import HORS_DELAI, ORDRE, Periode

if TYPE_CHECKING:
    from collectivites.models import Agent


class BesoinQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Everybody with a poste in force: the more read it, the better it is answered."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        return self

    def open(self) -> Self:
        """Still looked for, and its last day not passed."""
        return self.filter(statut=StatutBesoin.OUVERT, date_fin__gte=timezone.localdate())

    def unmet(self) -> Self:
        """Its days passed, or it was closed, without a loan: what the intercommunalité may buy."""
        passed = Q(statut=StatutBesoin.OUVERT, date_fin__lt=timezone.localdate())
        return self.filter(passed | Q(statut=StatutBesoin.CLOS))

    def for_list(self) -> Self:
        return self.select_related("collectivite", "categorie").annotate(nb_reponses=models.Count("reponses"))


class Besoin(Periode):
    """« Une nacelle du 3 au 5 mai »: pinned on the board, sent to the owners of a free one."""

    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="besoins")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    categorie = models.ForeignKey(Categorie, on_delete=models.PROTECT, related_name="besoins")
    objet = NomField("de quoi avez-vous besoin", max_length=120)
    quantite = models.PositiveIntegerField("combien", default=1)
    occasion = NomField("pour quelle occasion", max_length=300, blank=True)
    statut = models.CharField(max_length=10, choices=StatutBesoin, default=StatutBesoin.OUVERT)
    annonce_le = models.DateTimeField("annoncé le", null=True, blank=True, editable=False)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    created_at = models.DateTimeField("publié le", default=timezone.now)

    objects = BesoinQuerySet.as_manager()

    class Meta:
        ordering = ["date_debut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=ORDRE, name="besoin_dates_dans_l_ordre", violation_error_message=HORS_DELAI
            ),
            models.CheckConstraint(condition=Q(quantite__gte=1), name="besoin_d_une_unite"),
        ]

    def __str__(self) -> str:
        return self.objet


class ReponseBesoin(models.Model):
    """« Nous pouvons aider »: a thing offered, which makes a loan to be confirmed, or a word."""

    besoin = models.ForeignKey(Besoin, on_delete=models.PROTECT, related_name="reponses")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    materiel = models.ForeignKey(Materiel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pret = models.OneToOneField(
        "materiel.Pret", on_delete=models.PROTECT, null=True, blank=True, related_name="reponse_besoin"
    )
    mot = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(materiel__isnull=False) | ~Q(mot=""), name="reponsebesoin_dit_quelque_chose"
            )
        ]

    def __str__(self) -> str:
        return f"{self.besoin}, {self.collectivite}"
