"""What people say around the resources: questions, experience, mistakes, and what nobody has yet."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from collectivites.champs import NomField
from collectivites.models import Collectivite, Theme
from ressources.enums import GenreEchange, StatutDemande
from ressources.models.fichier import VersionFichier
from ressources.models.ressource import RessourcePage

if TYPE_CHECKING:
    from collectivites.models import Agent


# A paragraph longer than that is quoted by its beginning.
CITATION = 600


class EchangeQuerySet(models.QuerySet):
    def public(self) -> Self:
        """What every reader of the sheet reads: mistakes and reviews are between their author and who answers."""
        return self.filter(genre__in=[GenreEchange.QUESTION, GenreEchange.REMARQUE])

    def visible_to(self, agent: "Agent | None") -> Self:
        """The public ones: those of the sheets whose address they may open; under a theme, with a poste in force."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        pages = RessourcePage.objects.open_to(agent).order_by().values("pk")
        return self.public().filter(Q(theme__isnull=False) | Q(page__in=pages))


class Echange(models.Model):
    """A word about a resource, or a question under a theme, and what it answers.

    `retenue`, of an answer: who asked said « cela répond à ma question ».

    A remark of the review may be placed: `citation` is the paragraph that it is about, `rang` its rank in the text of
    `version` when it was written.
    """

    page = models.ForeignKey(RessourcePage, on_delete=models.CASCADE, null=True, blank=True, related_name="echanges")
    theme = models.ForeignKey(
        Theme, verbose_name="thème", on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    genre = models.CharField(max_length=12, choices=GenreEchange, default=GenreEchange.QUESTION)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reponse_a = models.ForeignKey(
        "self", verbose_name="en réponse à", on_delete=models.CASCADE, null=True, blank=True, related_name="reponses"
    )
    endroit = NomField("où", max_length=120, blank=True, help_text="« Page 4, article 6 »")
    version = models.ForeignKey(VersionFichier, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    rang = models.PositiveIntegerField("rang du paragraphe", null=True, blank=True)
    citation = models.CharField("paragraphe", max_length=CITATION, blank=True)
    texte = models.TextField(max_length=2000)
    retenue = models.BooleanField("répond à la question", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    traite_le = models.DateTimeField("traité le", null=True, blank=True)
    traite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "échange"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(texte=""), name="echange_dit_quelque_chose"),
            models.CheckConstraint(
                condition=Q(traite_le=None, traite_par=None) | Q(traite_le__isnull=False, traite_par__isnull=False),
                name="echange_traite_par_quelqu_un",
            ),
            models.CheckConstraint(
                condition=Q(rang=None, citation="") | Q(rang__isnull=False) & ~Q(citation=""), name="echange_place_cite"
            ),
            models.CheckConstraint(
                condition=Q(page__isnull=False, theme=None) | Q(page=None, theme__isnull=False),
                name="echange_sur_une_fiche_ou_un_theme",
            ),
            models.CheckConstraint(
                condition=Q(theme=None) | Q(genre=GenreEchange.QUESTION), name="echange_d_un_theme_est_une_question"
            ),
            models.CheckConstraint(
                condition=Q(retenue=False) | Q(reponse_a__isnull=False), name="echange_retenue_repond"
            ),
            models.UniqueConstraint(
                fields=["reponse_a"], condition=Q(retenue=True), name="echange_une_reponse_retenue"
            ),
        ]

    def __str__(self) -> str:
        return self.texte[:80]

    @property
    def adresse(self) -> str:
        """Where it is read; a theme shows the page of its questions that holds it."""
        if self.page_id:
            return f"{self.page.url or '/ressources/'}#echange-{self.pk}"
        here = reverse("ressources:theme_detail", args=[self.theme.slug])
        return f"{here}?echange={self.reponse_a_id or self.pk}#echange-{self.pk}"

    @property
    def pour_tous(self) -> "models.Model | None":
        """The question answered for all that was drawn from it: for the responsables alone."""
        return getattr(self, "question_reponse", None)

    @property
    def sujet(self) -> str:
        return self.page.title if self.page_id else self.theme.nom


class DemandeQuerySet(models.QuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Whoever has a poste in force: a neighbour may have what another lacks."""
        if agent is None or not agent.is_authenticated or not agent.codes_lecture:
            return self.none()
        return self

    def open(self) -> Self:
        return self.filter(statut=StatutDemande.OUVERTE)


class DemandeDocument(models.Model):
    """A document that nobody has shared yet, asked for by one, then by others."""

    objet = NomField("ce que vous cherchez", max_length=200)
    precision = models.TextField("à quoi il servirait", max_length=1000, blank=True)
    theme = models.ForeignKey(
        Theme, verbose_name="thème", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    statut = models.CharField(max_length=10, choices=StatutDemande, default=StatutDemande.OUVERTE)
    page = models.ForeignKey(
        RessourcePage, verbose_name="réponse", on_delete=models.PROTECT, null=True, blank=True, related_name="demandes"
    )
    reponse = models.TextField("un mot", max_length=1000, blank=True)
    created_at = models.DateTimeField("demandé le", auto_now_add=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    repondu_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DemandeQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de document"
        verbose_name_plural = "demandes de document"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(statut=StatutDemande.POURVUE) | Q(page__isnull=False), name="demande_pourvue_d_une_fiche"
            ),
            models.CheckConstraint(
                condition=Q(statut=StatutDemande.OUVERTE, repondu_le=None)
                | ~Q(statut=StatutDemande.OUVERTE) & Q(repondu_le__isnull=False, repondu_par__isnull=False),
                name="demande_repondue_datee",
            ),
        ]

    def __str__(self) -> str:
        return self.objet


class Soutien(models.Model):
    """« Moi aussi »: whoever asks for the same is answered at the same time."""

    demande = models.ForeignKey(DemandeDocument, on_delete=models.CASCADE, related_name="soutiens")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    collectivite = models.ForeignKey(Collectivite, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["demande", "agent"], name="soutien_unique")]

    def __str__(self) -> str:
        return f"{self.agent}, {self.demande}"
