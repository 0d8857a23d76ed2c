"""What the ground floor brings to the commands and to `veille`."""

from collectivites.droits import install_rights
from collectivites.listes import install_lists


def installer() -> None:
    install_lists()
    install_rights()
