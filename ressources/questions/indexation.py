"""The answers drawn from a sheet are read by its readers: their entries follow it, in the transaction of its save."""

from django.db.models.signals import post_save

from extranet.lib.cherchable import reindex
from ressources.models import QuestionReponse, RessourcePage


def follow(sender: type, instance: RessourcePage, **kwargs: object) -> None:
    reindex(QuestionReponse.to_index().filter(page=instance.pk, elargie=False))


def connect() -> None:
    post_save.connect(follow, sender=RessourcePage, dispatch_uid="ressources.questions.follow")
