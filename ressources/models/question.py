"""Questions that were answered once for all: freed of names, published by the responsables, found by the search."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from collectivites.diffusion import TOUTES, AvecDiffusion, DiffusionQuerySet
from collectivites.enums import Domaine
from collectivites.models import Theme
from extranet.lib.apports import Entree
from extranet.lib.cherchable import Cherchable
from ressources.enums import StatutQuestion
from ressources.models.echange import Echange
from ressources.models.ressource import RessourcePage
from ressources.recherche import entree_question

if TYPE_CHECKING:
    from collectivites.models import Agent

QUESTION_MAX, REPONSE_MAX = 250, 4000


class QuestionReponseQuerySet(DiffusionQuerySet):
    def visible_to(self, agent: "Agent | None") -> Self:
        """Published ones of their diffusion; one that came from a sheet, by who reads that sheet too, unless a
        responsable said that it would be read more widely.
        """
        pages = RessourcePage.objects.visible_to(agent).order_by().values("pk")
        alone = Q(page=None) | Q(elargie=True) | Q(page__in=pages)
        return super().visible_to(agent).filter(alone, statut=StatutQuestion.PUBLIEE)

    def open_to(self, agent: "Agent | None") -> Self:
        """Those whose address this person may open: the responsables keep all of them, withdrawn ones too."""
        if agent is not None and agent.is_authenticated and agent.answers_for(Domaine.RESSOURCES):
            return self
        return self.visible_to(agent)

    def to_check(self) -> Self:
        """Published, and their review date has come."""
        return self.filter(statut=StatutQuestion.PUBLIEE, a_verifier_avant__lte=timezone.localdate())


class QuestionReponse(Cherchable, AvecDiffusion):
    """A question and its answer, which name nobody.

    Under a sheet (`page`), its readers are those of its diffusion who also read the sheet: « toutes » is then « as the
    sheet ». `elargie`: a responsable said that it is read more widely than the sheet. `origine`, the words that it was
    drawn from, is for the responsables alone.
    """

    question = models.CharField(max_length=QUESTION_MAX)
    reponse = models.TextField("réponse", max_length=REPONSE_MAX)
    theme = models.ForeignKey(Theme, verbose_name="thème", on_delete=models.PROTECT, related_name="questions_reponses")
    page = models.ForeignKey(
        RessourcePage,
        verbose_name="sous la fiche",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="questions_reponses",
    )
    elargie = models.BooleanField(
        "lue plus largement que la fiche",
        default=False,
        help_text="Sinon, seuls les lecteurs de la fiche la lisent, quelle que soit sa diffusion.",
    )
    a_verifier_avant = models.DateField("à vérifier avant le", null=True, blank=True)
    statut = models.CharField(max_length=10, choices=StatutQuestion, default=StatutQuestion.PUBLIEE)
    origine = models.OneToOneField(
        Echange, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="question_reponse"
    )
    publiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="publiée par",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField("publiée le", auto_now_add=True)
    modifiee_le = models.DateTimeField("modifiée le", auto_now=True)

    genre = "question_reponse"
    objects = QuestionReponseQuerySet.as_manager()

    class Meta:
        verbose_name = "question-réponse"
        verbose_name_plural = "questions-réponses"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="question_posee"),
            models.CheckConstraint(condition=~Q(reponse=""), name="question_repondue"),
            models.CheckConstraint(
                condition=Q(elargie=False) | Q(page__isnull=False),
                name="question_elargie_au_dela_d_une_fiche",
                violation_error_message="Sans fiche, il n’y a rien à élargir\u00a0: décochez cette case.",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("ressources:question_detail", args=[self.pk])

    @classmethod
    def to_index(cls) -> models.QuerySet:
        return cls.objects.select_related("theme", "page__photo").annotate(pour_index=models.Value(True))

    def entree(self) -> Entree | None:
        """Read anew unless it comes from `to_index`: the sheet in memory may not be that of today."""
        return entree_question(self if hasattr(self, "pour_index") else self.to_index().get(pk=self.pk))

    def is_visible_to(self, agent: "Agent | None") -> bool:
        return QuestionReponse.objects.visible_to(agent).filter(pk=self.pk).exists()

    @property
    def codes(self) -> tuple[str, ...]:
        """Its readers, as one set of codes."""
        if self.page_id is None or self.elargie:
            return tuple(self.diffusion)
        return common(self.diffusion, self.page.diffusion)

    @property
    def is_a_verifier(self) -> bool:
        return self.a_verifier_avant is not None and self.a_verifier_avant <= timezone.localdate()


def common(codes: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Codes that name nobody whom either leaves out. Between « elus » and a commune there is none: it says nobody,
    though the élus of that commune read both. The search stays on that side: they open it from the sheet, and do not
    find it. `unfound` is asked before that is chosen; a sheet that is narrowed later may still lead there.
    """
    codes, others = tuple(codes), tuple(others)
    if TOUTES in others:
        return codes
    return others if TOUTES in codes else tuple(code for code in codes if code in others)


def unfound(codes: Iterable[str], page: RessourcePage | None, *, elargie: bool) -> str:
    """Why nobody would find an answer of these readers under that sheet, in words; empty when somebody would."""
    if page is None or elargie or common(codes, page.diffusion):
        return ""
    return (
        "Personne ne trouverait cette réponse par la recherche\u00a0: la fiche est réservée à d’autres lecteurs. "
        "Choisissez les lecteurs de la fiche, ou publiez-la plus largement."
    )
