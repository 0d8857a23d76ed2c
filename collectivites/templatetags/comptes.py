"""What the pages say of the session."""

import re

from django import template

from collectivites.comptes import sessions

register = template.Library()


@register.simple_tag(takes_context=True)
def secondes_de_session(context: template.Context) -> int:
    """Seconds before the session of this request ends; 0 when nobody is logged in."""
    request = context["request"]
    return max(sessions.remaining(request), 0) if request.user.is_authenticated else 0


# The first that matches: a browser names those it descends from.
NAVIGATEURS = {
    "Edge": r"Edg",
    "Opera": r"OPR/",
    "Firefox": r"Firefox/|FxiOS",
    "Chrome": r"Chrome/|CriOS",
    "Safari": r"Safari/",
}
SYSTEMES = {
    "iPhone": r"iPhone",
    "iPad": r"iPad",
    "Android": r"Android",
    "Windows": r"Windows",
    "Mac": r"Mac OS",
    "Linux": r"Linux",
}


@register.filter
def navigateur(user_agent: str) -> str:
    """« Firefox sur Windows », from what the browser says of itself."""
    browser = next((name for name, pattern in NAVIGATEURS.items() if re.search(pattern, user_agent)), "Un navigateur")
    system = next((name for name, pattern in SYSTEMES.items() if re.search(pattern, user_agent)), "")
    return f"{browser} sur {system}" if system else browser
