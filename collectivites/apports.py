"""What the ground floor brings to the commands and to `veille`."""

from collectivites.listes import install_lists


def installer() -> None:
    install_lists()
