"""Agents: the people of the territory, élus included, with or without an account."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify

from collectivites.champs import NomField
from collectivites.diffusion import codes_of
from collectivites.enums import Domaine
from collectivites.models.poste import Poste
from collectivites.recherche import entree_agent
from extranet.lib.apports import Entree
from extranet.lib.cherchable import Cherchable


class AgentQuerySet(models.QuerySet):
    def in_office(self, on: date | None = None) -> Self:
        """Those with at least one poste in force."""
        return self.filter(Exists(Poste.objects.in_force(on).filter(agent=OuterRef("pk"))), efface_le=None)

    def of(self, collectivite: models.Model) -> Self:
        """Those with a poste in force there."""
        postes = Poste.objects.in_force().filter(agent=OuterRef("pk"), collectivite=collectivite)
        return self.filter(Exists(postes), efface_le=None)

    def visible_to(self, agent: "Agent | None") -> Self:
        """Whoever has a poste in force sees the agents in office; without one, only one’s own card.

        A departure hides the card at once, and so does an objection (RGPD art. 21), from everybody but oneself.
        """
        if agent is None or not agent.is_authenticated:
            return self.none()
        own = Q(pk=agent.pk)
        if not agent.codes_lecture:
            return self.filter(own)
        in_office = Q(Exists(Poste.objects.in_force().filter(agent=OuterRef("pk"))), efface_le=None, oppose_le=None)
        return self.filter(own | in_office)

    def editable_by(self, agent: "Agent | None") -> Self:
        """Whose card one keeps: one’s own, those of the collectivités one manages, all for the annuaire.

        Hidden cards too: a card that nobody reads still has to be true.
        """
        if agent is None or not agent.is_authenticated or not agent.is_active:
            return self.none()
        if agent.answers_for(Domaine.ANNUAIRE):
            return self.filter(efface_le=None)
        managed = [poste.collectivite_id for poste in agent.postes_en_cours if poste.gestionnaire]
        theirs = Poste.objects.in_force().filter(agent=OuterRef("pk"), collectivite__in=managed)
        return self.filter(Q(pk=agent.pk) | Q(Exists(theirs)), efface_le=None)


class AgentManager(BaseUserManager.from_queryset(AgentQuerySet)):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: object) -> "Agent":
        """An agent; without password the account opens by a code or a passkey only."""
        agent = self.model(email=clean_email(email), **fields)
        agent.set_password(password)
        agent.slug = agent.slug or self.free_slug(agent.nom_complet)
        agent.save(using=self._db)
        return agent

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "Agent":
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "Agent":
        return self.get(email=clean_email(email))

    def free_slug(self, nom_complet: str) -> str:
        """« karim-belkacem », « karim-belkacem-2 » for a namesake."""
        base = slugify(nom_complet)[:140] or "agent"
        taken = set(self.filter(slug__startswith=base).values_list("slug", flat=True))
        if base not in taken:
            return base
        numbers = (re.fullmatch(rf"{re.escape(base)}-(\d+)", slug) for slug in taken)
        return f"{base}-{max([1, *(int(n[1]) for n in numbers if n)]) + 1}"


def clean_email(email: str | None) -> str | None:
    """Lower case, as the database demands; None rather than an empty address, which would be taken once."""
    return (email or "").strip().lower() or None


class Agent(Cherchable, AbstractBaseUser, PermissionsMixin):
    """A person of the territory: agent or élu·e. Never deleted: `effacer` blanks what names them.

    Without e-mail an agent is in the directory but cannot log in; they are reached through the gestionnaires of
    their collectivité.
    """

    prenom = NomField("prénom", max_length=80)
    nom = NomField(max_length=80)
    slug = models.SlugField("adresse", max_length=170, unique=True)
    email = models.EmailField("adresse de courriel", unique=True, null=True, blank=True)
    is_active = models.BooleanField("compte ouvert", default=True)
    notice_vue_le = models.DateTimeField("notice d’information lue le", null=True, blank=True, editable=False)
    efface_le = models.DateTimeField("effacé le", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    montre_mobile = models.BooleanField("montrer le mobile", default=True)
    montre_expertises = models.BooleanField("montrer sur quoi on peut me solliciter", default=True)
    oppose_le = models.DateTimeField("fiche cachée à sa demande le", null=True, blank=True, editable=False)
    confirmee_le = models.DateTimeField("fiche relue le", null=True, blank=True, editable=False)

    genre = "agent"
    hors_entree = frozenset({"last_login", "notice_vue_le", "password", "is_active", "confirmee_le"})
    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["prenom", "nom"]

    objects = AgentManager()

    class Meta:
        ordering = ["nom", "prenom", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=None) | (Q(email=Lower("email")) & ~Q(email="")),
                name="agent_email_en_minuscules",
                violation_error_message="L’adresse de courriel s’écrit en minuscules.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom_complet

    @classmethod
    def to_index(cls) -> models.QuerySet:
        postes = Poste.objects.not_ended().select_related("collectivite", "fonction").prefetch_related("roles")
        return cls.objects.prefetch_related(models.Prefetch("postes", postes), "expertises")

    def entree(self) -> Entree | None:
        return entree_agent(self)

    def clean(self) -> None:
        self.email = clean_email(self.email)

    def get_absolute_url(self) -> str:
        return reverse("annuaire:agent_detail", args=[self.slug])

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    def get_full_name(self) -> str:
        return self.nom_complet

    def get_short_name(self) -> str:
        return self.prenom or self.nom

    @property
    def first_name(self) -> str:
        """The name that Wagtail's admin shows under its menu, in place of the address."""
        return self.prenom

    @cached_property
    def postes_en_cours(self) -> list[Poste]:
        """Postes in force today, the longest week first: the first one is the default to act for. One query."""
        return list(self.postes.in_force().select_related("collectivite", "fonction").main_first())

    @staticmethod
    def read_ahead(agents: Iterable["Agent"]) -> None:
        """What `postes_en_cours`, `manages` and `answers_for` ask for one, asked for several. Two queries."""
        agents = list(agents)
        held: dict[int, list[Poste]] = {}
        postes = Poste.objects.in_force().filter(agent__in={agent.pk for agent in agents})
        for poste in postes.select_related("collectivite", "fonction").main_first():
            held.setdefault(poste.agent_id, []).append(poste)
        for agent in agents:
            agent.postes_en_cours = held.get(agent.pk, [])
        models.prefetch_related_objects(agents, "groups")

    @cached_property
    def codes_lecture(self) -> frozenset[str]:
        """What this person may read, as codes of diffusion; kept for the life of the object, that is one request."""
        return codes_of(self)

    @cached_property
    def domaines(self) -> frozenset[str]:
        """Areas this person answers for at the intercommunalité (`Domaine` values). One query.

        A right held for the intercommunalité ends with the last poste there, even if the group was forgotten.
        """
        if self.is_superuser:
            return frozenset(Domaine.values)
        if not any(poste.collectivite.is_epci for poste in self.postes_en_cours):
            return frozenset()
        labels = {domaine.label: domaine.value for domaine in Domaine}
        return frozenset(labels[group.name] for group in self.groups.all() if group.name in labels)

    def answers_for(self, domaine: Domaine) -> bool:
        return domaine in self.domaines or Domaine.ADMINISTRATION in self.domaines

    def manages(self, collectivite: models.Model) -> bool:
        """True for a gestionnaire of that collectivité, on a poste in force."""
        return any(p.gestionnaire and p.collectivite_id == collectivite.pk for p in self.postes_en_cours)

    def has_usable_password(self) -> bool:
        """False too for a row made without the manager, whose password is empty."""
        return bool(self.password) and super().has_usable_password()

    @property
    def connexion(self) -> str:
        """Whether this person can enter, in words: an account that is open without an address opens nothing."""
        if not self.is_active:
            return "compte fermé"
        return "peut se connecter" if self.email else "sans adresse"

    @property
    def must_have_second_factor(self) -> bool:
        """Responsables and administrators: a code by mail proves the mailbox, not the person."""
        return self.is_superuser or bool(self.domaines)

    def acknowledge_notice(self) -> None:
        """Records that the information notice (RGPD art. 14) was seen, once."""
        if self.notice_vue_le is None:
            self.notice_vue_le = timezone.now()
            self.save(update_fields=["notice_vue_le"])
