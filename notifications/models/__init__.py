"""Inbox, outbox, what each agent wants to receive, and the acts that `veille` runs."""

from notifications.models.courriel import Courriel
from notifications.models.notification import Notification
from notifications.models.piece import PieceJointe
from notifications.models.preference import Abonnement, Preference, Rythme
from notifications.models.proposition import AbonnementPropose, PropositionFaite
from notifications.models.veille import Passage, Veille

__all__ = [
    "Abonnement",
    "AbonnementPropose",
    "Courriel",
    "Notification",
    "Passage",
    "PieceJointe",
    "Preference",
    "PropositionFaite",
    "Rythme",
    "Veille",
]
