"""Collections of files: one per area, whose responsables alone manage what it holds."""

from django.contrib.auth.models import Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission

from collectivites.droits import groupe
from collectivites.enums import Domaine

RACINE = "Tous les fichiers"
ACTIONS = ("add", "change", "choose")
COLLECTIONS = ("add_collection", "change_collection", "delete_collection")
FICHIERS = {"wagtaildocs": "document", "wagtailimages": "image"}


@transaction.atomic
def install_collection(nom: str, domaine: Domaine) -> Collection:
    """The collection of that name, managed by `domaine`. Idempotent; any app may make its own."""
    root = root_collection()
    collection = root.get_children().filter(name=nom).first() or root.add_child(name=nom)
    share(collection, domaine, ACTIONS)
    return collection


def root_collection() -> Collection:
    """Wagtail's migrations make it; a flushed database has none."""
    root = Collection.get_first_root_node() or Collection.add_root(name=RACINE)
    if root.name != RACINE:
        root.name = RACINE
        root.save(update_fields=["name"])
    return root


def share(collection: Collection, domaine: Domaine, actions: tuple[str, ...]) -> None:
    """Lets `domaine` do these actions on the documents and images of the collection and of those under it."""
    codenames = [f"{action}_{kind}" for action in actions for kind in FICHIERS.values()]
    permissions = Permission.objects.filter(content_type__app_label__in=FICHIERS, codename__in=codenames)
    for permission in permissions:
        GroupCollectionPermission.objects.get_or_create(
            group=groupe(domaine), collection=collection, permission=permission
        )


def install_root() -> None:
    """The administration manages all files, from the root, and the collections themselves."""
    root = root_collection()
    share(root, Domaine.ADMINISTRATION, ACTIONS)
    for permission in Permission.objects.filter(codename__in=COLLECTIONS, content_type__app_label="wagtailcore"):
        GroupCollectionPermission.objects.get_or_create(
            group=groupe(Domaine.ADMINISTRATION), collection=root, permission=permission
        )
