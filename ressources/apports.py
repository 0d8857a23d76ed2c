"""What the ressources bring to the commands."""

from ressources.collections import install_collections


def installer() -> None:
    install_collections()
