"""Mending what engines hold, from the table of entries."""

from django.db import transaction

from search.analyse.mots import ANALYSE
from search.analyse.requete import lire
from search.engines import est_reparti, moteur, moteur_de_base
from search.engines.base import Ecarts
from search.envoi import Envoi
from search.indexation import enqueue, rewrite
from search.models import Epingle, SearchEntry
from search.synonymes import in_force

# Entries analysed anew at each pass after an upgrade: seconds, so that the other acts of `veille` do not wait.
PAR_PASSAGE = 1_000


def repair() -> None:
    """The engine of the database, then the cluster, to which each correction goes as a change. May raise
    MoteurInjoignable: the engine of the database is mended even then.
    """
    base = moteur_de_base()
    found = base.check()
    base.remove(found.fantomes)
    _rewrite(found)
    if est_reparti():
        found = moteur().check()
        _rewrite(found)
        with transaction.atomic():
            enqueue(found.fantomes)
        Envoi().send_due()


def renew() -> int:
    """Analyses anew what older rules analysed: an upgrade asks nothing of anybody. Returns how many."""
    old = SearchEntry.objects.exclude(analyse=ANALYSE).order_by("pk").values_list("pk", flat=True)
    keys = list(old[:PAR_PASSAGE])
    rewrite(keys)
    return len(keys) + _renew_pins()


def _renew_pins() -> int:
    """Their keys are few, and cost less to make again than to remember by which rules they were made.

    Two pins of one entry that the new rules read alike keep one of them; the other, of no use now, is left as it is.
    """
    pins, synonymes = list(Epingle.objects.order_by("pk")), in_force()
    held, changed = {(pin.cle, pin.entree_id) for pin in pins}, []
    for pin in pins:
        cle = lire(pin.requete, synonymes).cle
        if cle and cle != pin.cle and (cle, pin.entree_id) not in held:
            held.add((cle, pin.entree_id))
            pin.cle = cle
            changed.append(pin)
    Epingle.objects.bulk_update(changed, ["cle"], batch_size=PAR_PASSAGE)
    return len(changed)


def _rewrite(found: Ecarts) -> None:
    rewrite([*found.manquantes, *found.perimees])
