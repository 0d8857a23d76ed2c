"""The list as a table: one row a sheet, in the order of the list."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from ressources.presentation import Ligne

COLONNES = (
    *("Titre", "À quoi ça sert", "Thème", "Type", "Collectivité", "Taille de commune", "Fichiers", "Version"),
    *("Publié le", "Vérifié le", "À vérifier avant le", "Fiabilité", "Référence de texte", "Date d’effet"),
    *("Licence", "Utilisé par", "Adresse"),
)


def rows_of(lignes: Iterable[Ligne], site: str) -> Iterator[tuple]:
    """« Version » is that of the first file, and « Publié le » its day; those of the sheet when it has no file."""
    for ligne in lignes:
        page = ligne.page
        first = ligne.versions[0] if ligne.versions else None
        published = first.publiee_le if first else page.first_published_at
        yield (
            page.title,
            page.resume,
            page.theme.nom,
            page.type.nom,
            page.collectivite.nom,
            page.strate_libelle,
            ", ".join(version.nom for version in ligne.versions),
            first.numero if first else None,
            timezone.localdate(published) if published else None,
            page.verifie_le,
            page.a_verifier_avant,
            page.fiabilite.label,
            page.reference_texte,
            page.date_effet,
            page.get_licence_display(),
            ligne.reprises,
            f"{site}{page.adresse}",
        )
