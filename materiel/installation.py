"""What `installer` makes of the lending: categories, page, rights, review."""

from pathlib import Path

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from collectivites.collections import install_collection
from collectivites.droits import allow, grant, install_review
from collectivites.enums import Domaine
from collectivites.listes import rows_of
from collectivites.models import TypeHabilitation
from materiel.contrats.textes_installes import plant_texts
from materiel.models import Besoin, Categorie, Materiel, MaterielsPage, Pret, ReglagesMateriel

DATA, COLLECTION = Path(__file__).parent / "data", "Matériel"
# Under the other, hence managed by the same: photos received for a sheet that is not written yet.
ATTENTE = "Photos en attente"
RELECTURE = "Relecture du matériel"
CHAPEAU = "Empruntez à une commune voisine, prêtez ce qui dort dans votre atelier."
ACTIONS = ("add", "change", "publish", "lock", "unlock")
SIMPLES = ("libelle", "dessin", "mots", "conducteur", "transport", "carburant", "papiers", "conseil")
NOMBRES = ("preavis_jours", "duree_max_jours", "tampon_avant", "tampon_apres", "part_max")


@transaction.atomic
def install() -> None:
    kept = install_collection(COLLECTION, Domaine.MATERIEL)
    if not kept.get_children().filter(name=ATTENTE).exists():
        kept.add_child(name=ATTENTE)
    install_categories()
    grant(Domaine.MATERIEL, Categorie)
    for model in (Materiel, Pret, Besoin):
        grant(Domaine.MATERIEL, model, ("view",))
    grant(Domaine.MATERIEL, ReglagesMateriel, ("change",))


def install_categories() -> None:
    """Adds the missing ones, known by their code; those that exist are left as the territory wrote them."""
    known = set(Categorie.objects.values_list("code", flat=True)) | set(
        Categorie.objects.values_list("libelle", flat=True)
    )
    kinds = {one.code: one for one in TypeHabilitation.objects.all()}
    for rank, row in enumerate(rows_of("categories.csv", DATA), 1):
        if known & {row["code"], row["libelle"]}:
            continue
        Categorie.objects.create(
            code=row["code"],
            ordre=10 * rank,
            habilitation=kinds.get(row["habilitation"]),
            vgp_mois=int(row["vgp_mois"]) if row["vgp_mois"] else None,
            elements="\n".join(one.strip() for one in row["elements"].split(";") if one.strip()),
            **{name: row[name] for name in SIMPLES},
            **{name: int(row[name]) for name in NOMBRES if row[name]},
        )


@transaction.atomic
def plant(accueil: Page) -> None:
    """The board, whose words the responsables of the lending write."""
    page = MaterielsPage.objects.first()
    if page is None:
        now = timezone.now()
        page = MaterielsPage(title="Matériel", chapeau=CHAPEAU, first_published_at=now, last_published_at=now)
        accueil.add_child(instance=page)
    allow(Domaine.MATERIEL, page, ACTIONS)
    install_review(page, RELECTURE, Domaine.MATERIEL)
    plant_texts(page)
