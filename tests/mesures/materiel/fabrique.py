"""A large lending, written by the database itself: thousands of things, a million loans over six years, never too many.

Each thing has its lanes (three for a lot, one else), each lane its windows of days, each window one loan: so nothing is
promised twice, and the ledger is true. Seven things in ten are single, two are of 2 to 10, one of 20 to 200. The same
rows at each run.
"""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from collectivites.diffusion import TOUTES
from collectivites.models import Agent, Collectivite
from materiel.enums import Mode, Nature, StatutPret
from materiel.models import Categorie, Engagement, Materiel, MaterielPage, MaterielsPage
from materiel.registre import mark_late, now_index

LOT = 500
NOMS = ["Mini-pelle", "Barnum", "Nacelle", "Broyeur", "Sonorisation", "Podium", "Remorque", "Groupe électrogène"]
A_VENIR = 16
# Windows of days by lane: to come (no further than what may be asked), and gone.
FENETRES = {1: (33, 22), 3: (90, 66)}
EN_RETARD = 40


def make_things(number: int) -> None:
    """Their sheets, published for all, and the things beside."""
    root = MaterielsPage.objects.get()
    first, kind, now = root.numchild, ContentType.objects.get_for_model(MaterielPage), timezone.now()
    pages = [_page(root, first + n, kind, now) for n in range(number)]
    parents = [_parent(page) for page in pages]
    Page.objects.bulk_create(parents, batch_size=LOT)
    keys = dict(Page.objects.filter(path__startswith=root.path, depth=root.depth + 1).values_list("path", "pk"))
    for page in pages:
        page.page_ptr_id = keys[page.path]
    manager = MaterielPage._base_manager.get_queryset()
    for start in range(0, number, LOT):
        manager._insert(pages[start : start + LOT], MaterielPage._meta.local_concrete_fields, using=connection.alias)
    MaterielsPage.objects.filter(pk=root.pk).update(numchild=first + number)
    places, kinds = list(Collectivite.objects.order_by("pk")), list(Categorie.objects.order_by("pk"))
    things = [_thing(page, n, places[n % len(places)], kinds[n % len(kinds)]) for n, page in enumerate(pages)]
    Materiel.objects.bulk_create(things, batch_size=LOT)


def _page(root: MaterielsPage, rank: int, kind: ContentType, now: object) -> MaterielPage:
    title = f"{NOMS[rank % len(NOMS)]} {rank}"
    return MaterielPage(
        title=title,
        draft_title=title,
        slug=f"banc-{rank}",
        path=MaterielsPage._get_path(root.path, root.depth + 1, rank + 1),
        depth=root.depth + 1,
        url_path=f"{root.url_path}banc-{rank}/",
        locale_id=root.locale_id,
        content_type=kind,
        live=True,
        first_published_at=now,
        last_published_at=now,
        diffusion=[TOUTES],
        accroche="Prêté aux communes voisines.",
    )


def _parent(page: MaterielPage) -> Page:
    fields = [one.attname for one in Page._meta.concrete_fields if one.attname != "id"]
    return Page(**{name: getattr(page, name) for name in fields})


def _thing(page: MaterielPage, rank: int, place: Collectivite, kind: Categorie) -> Materiel:
    """With the buffers of its category; as long as is asked, so that the ledger alone decides."""
    stock = (1, 1, 1, 1, 1, 1, 1, 2 + rank % 9, 2 + rank % 9, 20 + 7 * rank % 181)[rank % 10]
    return Materiel(
        page_id=page.page_ptr_id,
        collectivite=place,
        categorie=kind,
        mode=Mode.UNIQUE if stock == 1 else Mode.LOT,
        stock=stock,
        preavis_jours=0,
        duree_max_jours=180,
        tampon_apres=kind.tampon_apres,
        cout_jour=20,
    )


@transaction.atomic
def make_loans(past: int, *, future: bool, sauf: int = 0) -> None:
    """`past` loans closed for each thing, beyond the `sauf` that are there; with `future`, those to come too."""
    with connection.cursor() as cursor:
        _bench_tables(cursor)
        if future:
            _write(cursor, "v", StatutPret.ACCEPTE, (0, A_VENIR), past=False)
            _occupy(cursor)
        _write(cursor, "p", StatutPret.CLOS, (sauf, past), past=True)
        for name in ("bench_lieu", "bench_chose", "bench_pret"):
            cursor.execute(f"DROP TABLE {name}")


def _bench_tables(cursor: object) -> None:
    """Each thing made here with its borrower, the next collectivité, and its lanes: the demonstration keeps its own."""
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_lieu AS SELECT id, "
        "coalesce(lead(id) OVER (ORDER BY id), min(id) OVER ()) AS suivant FROM collectivites_collectivite"
    )
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_chose AS SELECT m.id, m.stock, m.tampon_apres AS apres, "
        "m.collectivite_id AS preteur, l.suivant AS emprunteur, CASE WHEN m.stock >= 20 THEN 3 ELSE 1 END AS files "
        "FROM materiel_materiel m JOIN bench_lieu l ON l.id = m.collectivite_id "
        "JOIN wagtailcore_page p ON p.id = m.page_id AND p.slug LIKE 'banc-%'"
    )


PRETS = """
    CREATE TEMPORARY TABLE bench_pret AS
    WITH RECURSIVE rangs(k) AS (
        SELECT CAST(%(de)s AS INTEGER) UNION ALL SELECT k + 1 FROM rangs WHERE k + 1 < CAST(%(a)s AS INTEGER)
    ), tires AS (
        SELECT c.*, k, k / files AS rang, (k * 7919 + c.id * 104729) %% 10007 AS h FROM bench_chose c, rangs
    ), places AS (
        SELECT tires.*, CASE WHEN files = 3 THEN %(large)s ELSE %(etroite)s END AS fenetre,
            1 + h %% CASE WHEN files = 3 THEN stock / 3 ELSE stock END AS quantite, h %% 7 AS jours FROM tires
    )
    SELECT %(lettre)s || id || '-' || k AS numero, id, preteur, emprunteur, quantite, jours, h, apres,
        %(jour)s + %(sens)s * (rang + %(decale)s) * fenetre + h %% (fenetre - 16) AS debut FROM places
"""


def _write(cursor: object, letter: str, statut: str, ranks: tuple[int, int], *, past: bool) -> None:
    if ranks[0] >= ranks[1]:
        return
    cursor.execute("DROP TABLE IF EXISTS bench_pret")
    rank = {"sens": -1, "decale": 1} if past else {"sens": 1, "decale": 0}
    values = {
        "de": ranks[0],
        "a": ranks[1],
        "etroite": FENETRES[1][past],
        "large": FENETRES[3][past],
        "jour": timezone.localdate().toordinal() + (0 if past else 1),
        "lettre": letter,
        **rank,
    }
    cursor.execute(PRETS % {name: f"'{value}'" if name == "lettre" else value for name, value in values.items()})
    now, who = timezone.now(), Agent.objects.order_by("pk").first().pk
    back = "quantite, %s, %s, %s, 120" if past else "0, NULL, NULL, NULL, NULL"
    cursor.execute(
        f"""INSERT INTO materiel_pret (numero, materiel_id, preteur_id, emprunteur_id, demandeur_id, quantite,
            quantite_demandee, quantite_perdue, "usage", lieu_usage, avec_conducteur, transport, statut, statut_le,
            motif, accepte_le, valeur_detail, created_at, date_debut, moment_debut, date_fin, moment_fin,
            quantite_rendue, remis_le, restitue_le, clos_le, valeur)
        SELECT numero, id, preteur, emprunteur, %s, quantite, quantite, 0, 'Fête du village', '', %s, 'retrait', %s, %s,
            '', %s, '', %s, {_day("debut")}, 'matin', {_day("debut + jours")}, 'apres_midi', {back} FROM bench_pret""",
        [who, False, statut, now, now, now, *([now] * 3 if past else [])],
    )
    after = 3  # a week-end and the open day that follows
    cursor.execute(
        f"""INSERT INTO materiel_engagement (materiel_id, nature, quantite, debut, fin, tenu, pret_id, motif, sans_fin,
            created_at, retard_quantite)
        SELECT b.id, %s, b.quantite, 2 * b.debut,
            2 * (b.debut + b.jours + CASE WHEN b.apres > 0 THEN {after} ELSE 0 END) + 1, %s, p.id, '', %s, %s, 0
        FROM bench_pret b JOIN materiel_pret p ON p.numero = b.numero""",
        [Nature.PRET, not past, False, now],
    )


def _day(expression: str) -> str:
    """The date of an ordinal (1 is the 1st of January of year 1), as each engine writes it."""
    if connection.vendor == "sqlite":
        return f"date('0001-01-01', '+' || ({expression} - 1) || ' days')"
    return f"(DATE '0001-01-01' + (({expression}) - 1)::integer)"


def _occupy(cursor: object) -> None:
    """The ledger of what is held, in one go."""
    now = now_index()
    cursor.execute(
        "CREATE TEMPORARY TABLE bench_creneau AS WITH RECURSIVE s(creneau) AS ("
        f"SELECT CAST({now} AS INTEGER) UNION ALL SELECT creneau + 1 FROM s WHERE creneau < {now + 1140}) "
        "SELECT * FROM s"
    )
    cursor.execute("CREATE INDEX bench_creneau_rang ON bench_creneau (creneau)")
    cursor.execute(
        "INSERT INTO materiel_occupation (materiel_id, creneau, pris, retard, stock) "
        "SELECT e.materiel_id, c.creneau, sum(e.quantite), 0, min(m.stock) FROM materiel_engagement e "
        "JOIN bench_chose m ON m.id = e.materiel_id "
        "JOIN bench_creneau c ON c.creneau BETWEEN e.debut AND e.fin WHERE e.tenu GROUP BY e.materiel_id, c.creneau"
    )
    cursor.execute("DROP TABLE bench_creneau")


def make_late() -> int:
    """The last loan of one thing in `EN_RETARD` is not back: as the hourly act says it."""
    things = Materiel.objects.order_by("pk").values_list("pk", flat=True)[::EN_RETARD]
    last = Engagement.objects.filter(pret__numero__endswith="-0", pret__statut=StatutPret.CLOS)
    held = last.filter(materiel__in=list(things))
    now, count = now_index(), 0
    for one in held.select_related("pret"):
        pret = one.pret
        pret.statut, pret.quantite_rendue, pret.restitue_le, pret.clos_le = StatutPret.REMIS, 0, None, None
        pret.save()
        one.tenu = True
        one.save(update_fields=["tenu"])
        mark_late(one, one.quantite, now, now + 13)
        count += 1
    return count
