"""Where private files lie: never under an address that the web server knows."""

from django.core.files.storage import FileSystemStorage


class StockagePrive(FileSystemStorage):
    """Files of the data folder, without any address: our views serve them after asking who reads."""

    def url(self, name: str | None) -> str:
        raise ValueError("Un fichier privé n’a pas d’adresse publique : passez par la vue qui le sert.")


def stockage_prive() -> StockagePrive:
    """Called when first used, so that the folder is that of the running settings."""
    return StockagePrive()
