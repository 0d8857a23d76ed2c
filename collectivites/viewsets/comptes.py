"""Accounts in the admin, in place of Wagtail's users."""

from wagtail.users.views.users import UserViewSet


class CompteViewSet(UserViewSet):
    """Agents as accounts."""
