"""Three ways to book a seat, on the same database: two statements that decide, five lean ones, and ours.

All take the same turn (`extranet.lib.tour`). The two-statement one has tables of its own without triggers: it is the
limit, not a peer. The lean one writes our tables, triggers on: seats, quota, half-days, rank, history to be told.
"""

import uuid
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from extranet.lib.tour import rejoue, tour
from formations.inscrire.demander import Personne, demander

if TYPE_CHECKING:
    from collectivites.models import Agent, Collectivite
    from formations.models import SessionFormation

TABLES = (
    "CREATE TABLE mesure_session (id integer PRIMARY KEY, capacite integer, quota integer)",
    "CREATE TABLE mesure_place (session integer, agent integer, commune integer, statut varchar(10), rang integer)",
    "CREATE INDEX mesure_place_session ON mesure_place (session)",
)
VERROU = {"postgresql": " FOR NO KEY UPDATE", "sqlite": ""}
CONFIRMEE, ATTENTE = "confirmee", "attente"


@rejoue
def deux(session: "SessionFormation", agent: "Agent", place: "Collectivite") -> None:
    """Lock, then INSERT … SELECT that counts and decides."""
    sql = """
        INSERT INTO mesure_place (session, agent, commune, statut, rang)
        SELECT s.id, %s, %s,
            CASE WHEN n.tous < s.capacite AND n.siens < s.quota THEN 'confirmee' ELSE 'attente' END, n.lignes + 1
        FROM mesure_session s CROSS JOIN (
            SELECT COUNT(*) AS lignes, COUNT(CASE WHEN statut = 'confirmee' THEN 1 END) AS tous,
                COUNT(CASE WHEN statut = 'confirmee' AND commune = %s THEN 1 END) AS siens
            FROM mesure_place WHERE session = %s) n
        WHERE s.id = %s
    """
    with tour(), connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM mesure_session WHERE id = %s{VERROU[connection.vendor]}", [session.pk])
        cursor.execute(sql, [agent.pk, place.pk, place.pk, session.pk, session.pk])


@rejoue
def maigre(session: "SessionFormation", agent: "Agent", place: "Collectivite") -> None:
    """Lock the session, lock the person, read, write the seat, write the history: five statements."""
    read = """
        SELECT COALESCE(MAX(i.rang), 0),
            COUNT(CASE WHEN i.agent_id = %s AND i.statut IN ('tenue', 'offerte', 'confirmee', 'attente') THEN 1 END),
            (SELECT occupees FROM formations_sessioncommune WHERE session_id = %s AND collectivite_id = %s),
            (SELECT COUNT(*) FROM formations_creneau c JOIN formations_demijourneeprise p
                ON p.demi_journee = c.demi_journee WHERE c.session_id = %s AND p.agent_id = %s)
        FROM formations_inscription i WHERE i.session_id = %s
    """
    lock, now = VERROU[connection.vendor], timezone.now()
    with tour(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT capacite, occupees, quota_commune FROM formations_sessionformation WHERE id = %s{lock}",
            [session.pk],
        )
        capacite, occupees, quota = cursor.fetchone()
        cursor.execute(f"SELECT id FROM collectivites_agent WHERE id = %s{lock}", [agent.pk])
        cursor.execute(read, [agent.pk, session.pk, place.pk, session.pk, agent.pk, session.pk])
        rank, here, siens, ailleurs = cursor.fetchone()
        if here or ailleurs:
            return
        placed = occupees < capacite and (siens or 0) < quota
        statut, rang = (CONFIRMEE, None) if placed else (ATTENTE, rank + 1)
        cursor.execute(INSERT, [session.pk, agent.pk, place.pk, statut, now, rang, _uuid(), _uuid(), agent.pk, now])
        (pk,) = cursor.fetchone()
        acte = "inscrite" if placed else "rangee"
        cursor.execute(MOUVEMENT, [session.pk, pk, acte, statut, agent.pk, place.pk, now])


INSERT = """
    INSERT INTO formations_inscription (session_id, agent_id, collectivite_id, statut, statut_le, rang, uid, lot,
        demandee_par_id, created_at, priorite, priorite_motif, motif, tardif, visa, origine, repas, covoiturage,
        covoiturage_places, sequence)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '', '', false, 'non_requis', 'demande', true, '', 0, 0)
    RETURNING id
"""
MOUVEMENT = """
    INSERT INTO formations_mouvement (session_id, inscription_id, acte, de, vers, auteur_id, collectivite_id, motif,
        donnees, created_at) VALUES (%s, %s, %s, '', %s, %s, %s, '', '{}', %s)
"""


def _uuid() -> object:
    one = uuid.uuid4()
    return one if connection.vendor == "postgresql" else one.hex


def entier(session: "SessionFormation", agent: "Agent", place: "Collectivite") -> None:
    """The rights, the rules of the training, the visa, then the seat: what a form asks."""
    demander(session, [Personne(agent, place)], agent)


STRATEGIES = {"deux": deux, "maigre": maigre, "entier": entier}
