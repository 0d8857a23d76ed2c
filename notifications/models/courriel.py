"""The outbox: one row a mail, written in the transaction of the act and sent after it by `veille`."""

import uuid
from datetime import datetime, timedelta
from email.utils import make_msgid, parseaddr
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from notifications.enums import A_ENVOYER, BLOQUES, PRIS, StatutCourriel

DUREE_DE_VIE = timedelta(hours=48)
# Waiting time after the 1st, 2nd… refusal « later » (4xx) of one mail; the last one repeats until the mail expires.
DELAIS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
# A mail taken by a sender that died goes back to the queue after BAIL; one that was being handed over becomes uncertain
# after BAIL_REMISE, which is longer than the wait for the server's last answer (RFC 5321, 4.5.3.2.6: 10 minutes).
BAIL, BAIL_REMISE = timedelta(minutes=2), timedelta(minutes=11)


def new_key() -> str:
    return uuid.uuid4().hex


def new_message_id() -> str:
    """Never changes for a mail, so that mailboxes can drop a copy."""
    return make_msgid(domain=parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost")


class CourrielQuerySet(models.QuerySet):
    def unsent(self) -> Self:
        """What has not left. Said with IS NULL, the only condition of a partial index that SQLite recognises."""
        return self.filter(envoye_le=None)

    def due(self, now: datetime | None = None) -> Self:
        """What may be taken now: waiting and due, or taken by a sender that gave no sign since BAIL."""
        now = now or timezone.now()
        return self.unsent().filter(
            Q(statut=StatutCourriel.EN_ATTENTE, prochain_essai_le__lte=now)
            | Q(statut=StatutCourriel.EN_COURS, pris_le__lt=now - BAIL)
        )

    def next_due(self, now: datetime | None = None) -> "Courriel | None":
        """Express ones first (a code is waited for), then the oldest; what a dead sender left comes last.

        Two queries at most, each the first row of an index, whatever the number of mails.
        """
        now = now or timezone.now()
        waiting = self.unsent().filter(statut=StatutCourriel.EN_ATTENTE, prochain_essai_le__lte=now)
        left = self.unsent().filter(statut=StatutCourriel.EN_COURS, pris_le__lt=now - BAIL)
        return waiting.order_by("-express", "prochain_essai_le", "pk").first() or left.order_by("pris_le").first()

    def waiting(self) -> Self:
        return self.unsent().filter(statut__in=A_ENVOYER)

    def expired(self, now: datetime | None = None) -> Self:
        """Waiting still when their time is over."""
        waiting = self.unsent().filter(statut=StatutCourriel.EN_ATTENTE, expire_le__lte=now or timezone.now())
        return waiting.order_by()

    def forsaken(self, now: datetime | None = None) -> Self:
        """Being handed over by a sender that died: nobody knows whether the server took them."""
        now = now or timezone.now()
        return self.unsent().filter(statut=StatutCourriel.REMISE, pris_le__lt=now - BAIL_REMISE).order_by()

    def blocked(self) -> Self:
        """Stopped, and not yet looked at by an administrator."""
        return self.unsent().filter(statut__in=BLOQUES, classe_le=None)

    def stuck(self, since: datetime) -> tuple[int, int]:
        """How many are blocked, and how many wait that were written before then. One query."""
        blocked = Q(statut__in=BLOQUES, classe_le=None)
        late = Q(statut__in=A_ENVOYER, created_at__lt=since)
        numbers = (
            self.unsent()
            .filter(blocked | late)
            .order_by()
            .aggregate(blocked=Count("pk", filter=blocked), late=Count("pk", filter=late))
        )
        return numbers["blocked"], numbers["late"]

    def about(self, agent: models.Model) -> Self:
        """To this agent, or telling others about them."""
        named = Q(notification__pour=agent) | Q(notification__auteur=agent)
        carried = Q(resumees__pour=agent) | Q(resumees__auteur=agent)
        return self.filter(pk__in=self.model.objects.filter(Q(agent=agent) | named | carried).values("pk"))


class Courriel(models.Model):
    """One mail to one address.

    A mail that tells notifications is composed when it leaves, from what its reader may still see; a direct mail (code,
    invitation) is composed when written, and its words are erased once it has left. Those of a mail that opens
    something (a code, a signed link) never outlive it, even when it stops: who looks after mails cannot enter by it.
    """

    wagtail_reference_index_ignore = True  # each mail would cost Wagtail two queries and a row, for a page nobody opens

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="courriels"
    )
    adresse = models.EmailField(help_text="Celle du jour de l’envoi, pour un agent qui a un compte.")
    sorte = models.CharField(max_length=60)
    sujet = models.CharField(max_length=250)
    texte = models.TextField(blank=True)
    html = models.TextField(blank=True)
    notification = models.OneToOneField(
        "notifications.Notification", on_delete=models.SET_NULL, null=True, blank=True, related_name="courriel"
    )
    cle = models.CharField("clé", max_length=160, unique=True, default=new_key)
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id)
    express = models.BooleanField(default=False, help_text="Attendu derrière l’écran : passe devant les autres.")
    refaire = models.CharField(
        "s’il n’arrive pas",
        max_length=200,
        blank=True,
        help_text="Pour un courriel qui porte un secret, donc ni gardé ni renvoyé : quoi faire à la place.",
    )
    exige_poste = models.BooleanField("exige un poste en cours", default=False)

    statut = models.CharField(max_length=12, choices=StatutCourriel, default=StatutCourriel.EN_ATTENTE)
    jeton = models.UUIDField(null=True, blank=True)
    pris_le = models.DateTimeField(null=True, blank=True)
    tentatives = models.PositiveSmallIntegerField(default=0)
    prochain_essai_le = models.DateTimeField("prochain essai le", default=timezone.now)
    expire_le = models.DateTimeField("abandonné le")
    code_smtp = models.PositiveSmallIntegerField("code du serveur", null=True, blank=True)
    derniere_erreur = models.CharField("dernière erreur", max_length=500, blank=True)
    created_at = models.DateTimeField("écrit le", auto_now_add=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    classe_le = models.DateTimeField("classé le", null=True, blank=True)

    objects = CourrielQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            # The mails that left are by far the most: `unsent` keeps them out of every question asked each second.
            models.Index(
                "statut",
                F("express").desc(),
                F("prochain_essai_le").asc(),
                F("id").asc(),
                name="courriel_a_envoyer",
                condition=Q(envoye_le=None),
            ),
            models.Index(fields=["created_at"], name="courriel_ecrit"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(adresse=""), name="courriel_avec_adresse"),
            models.CheckConstraint(condition=Q(statut__in=StatutCourriel.values), name="courriel_statut_connu"),
            models.CheckConstraint(
                condition=Q(statut=StatutCourriel.ENVOYE, envoye_le__isnull=False)
                | ~Q(statut=StatutCourriel.ENVOYE) & Q(envoye_le=None),
                name="courriel_envoye_date",
            ),
            models.CheckConstraint(
                condition=Q(statut__in=PRIS, jeton__isnull=False, pris_le__isnull=False)
                | ~Q(statut__in=PRIS) & Q(jeton=None, pris_le=None),
                name="courriel_pris_par_un_seul",
            ),
            models.CheckConstraint(
                condition=Q(classe_le=None) | Q(statut__in=BLOQUES), name="courriel_classe_si_bloque"
            ),
            models.CheckConstraint(
                condition=Q(refaire="") | ~Q(statut__in=(*BLOQUES, StatutCourriel.ANNULE)) | Q(texte="", html=""),
                name="courriel_secret_efface",
            ),
        ]

    def __str__(self) -> str:
        return self.sujet

    @property
    def is_blocked(self) -> bool:
        return self.statut in BLOQUES and self.classe_le is None

    def take(self) -> bool:
        """Takes the mail for this sender alone, by one conditional update; False when another one was faster."""
        now, jeton = timezone.now(), uuid.uuid4()
        taken = (
            Courriel.objects.due(now)
            .filter(pk=self.pk)
            .update(statut=StatutCourriel.EN_COURS, jeton=jeton, pris_le=now, tentatives=F("tentatives") + 1)
        )
        if taken:
            self.refresh_from_db()
        return bool(taken)

    def hand_over(self) -> bool:
        """To be called just before the final dot. False when the mail was taken back: the dot must not be sent."""
        return self._move(StatutCourriel.EN_COURS, StatutCourriel.REMISE, pris_le=timezone.now())

    def sent(self, *, texte: str = "", html: str = "") -> bool:
        """Gone. Its words are erased, unless this installation keeps what it sends (development)."""
        done = {"envoye_le": timezone.now(), "code_smtp": None, "derniere_erreur": ""}
        return self._let_go(StatutCourriel.ENVOYE, texte=texte, html=html, **done)

    def refuse(self, code: int | None, error: str) -> bool:
        """A final refusal of the server (5xx): stopped, and shown to an administrator."""
        return self._stop(StatutCourriel.REFUSE, error, code_smtp=code)

    def postpone(self, code: int | None, error: str) -> bool:
        """A refusal « later » (4xx): tried again after DELAIS, given up when the mail expires."""
        now = timezone.now()
        if self.expire_le <= now:
            return self.give_up(error)
        wait = DELAIS[min(self.tentatives, len(DELAIS)) - 1]
        return self._let_go(
            StatutCourriel.EN_ATTENTE,
            prochain_essai_le=min(now + wait, self.expire_le),
            code_smtp=code,
            derniere_erreur=error[:500],
        )

    def release(self, error: str) -> bool:
        """Back to the queue at once: it is the server that is ill, not this mail."""
        return self._let_go(
            StatutCourriel.EN_ATTENTE, tentatives=max(self.tentatives - 1, 0), derniere_erreur=error[:500]
        )

    def give_up(self, error: str = "") -> bool:
        return self._stop(StatutCourriel.ABANDONNE, error or self.derniere_erreur)

    def doubt(self, error: str) -> bool:
        """The final dot left and no answer came: never sent again by itself."""
        return self._stop(StatutCourriel.INCERTAIN, error)

    def cancel(self, reason: str) -> bool:
        return self._let_go(StatutCourriel.ANNULE, derniere_erreur=reason[:500], texte="", html="")

    @property
    def can_be_sent_again(self) -> bool:
        """A stopped mail, unless it carried a secret: `refaire` then says what to do instead."""
        return self.is_blocked and not self.refaire

    def send_again(self) -> bool:
        """An administrator's act on a stopped mail: it starts anew, for 48 hours."""
        now = timezone.now()
        return self.can_be_sent_again and self._move(
            self.statut,
            StatutCourriel.EN_ATTENTE,
            prochain_essai_le=now,
            expire_le=now + DUREE_DE_VIE,
            tentatives=0,
            classe_le=None,
        )

    def file_away(self) -> bool:
        """An administrator has seen that this mail will not leave."""
        return self._move(self.statut, self.statut, classe_le=timezone.now())

    def _stop(self, statut: StatutCourriel, error: str, **fields: object) -> bool:
        words = {"texte": "", "html": ""} if self.refaire else {}
        return self._let_go(statut, derniere_erreur=error[:500], **words, **fields)

    def _let_go(self, statut: StatutCourriel, **fields: object) -> bool:
        return self._move(self.statut, statut, jeton=None, pris_le=None, **fields)

    def _move(self, before: str, after: str, **fields: object) -> bool:
        """One conditional update: nothing happens when the row is no longer as this sender knows it."""
        fields["statut"] = after
        moved = Courriel.objects.filter(pk=self.pk, statut=before, jeton=self.jeton).update(**fields)
        if moved:
            for name, value in fields.items():
                setattr(self, name, value)
            if fields.get("html") == "":
                self.pieces.all().delete()
        return bool(moved)
