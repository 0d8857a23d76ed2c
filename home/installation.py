"""What `installer` makes of the tree of pages: the site, the fixed pages, their first texts, who may write them.

Every step looks before it writes: what editors have changed since is theirs, and a second run changes nothing.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import GroupPagePermission, Locale, Page, PageLogEntry, Site

from collectivites.enums import Domaine
from extranet.lib.apports import collect, contributions
from extranet.lib.textes import read
from home.models import (
    AccessibilitePage,
    ActualitesPage,
    AidePage,
    DonneesPersonnellesPage,
    FicheTraitement,
    HomePage,
    MentionsLegalesPage,
    PageStandard,
)

EDITORS = (Domaine.CONTENU, Domaine.ADMINISTRATION)
AIDE, TEXTES = Path(__file__).parent / "data" / "aide", Path(__file__).parent / "data" / "textes"
RACINE = "Racine"
RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")


@transaction.atomic
def install() -> None:
    locale = _locale()
    home = _home(_root(locale))
    _site(home)
    _single_pages(home)
    _help(home)
    _rights(home)
    for plant in contributions("planter"):
        plant(home)
    _register()


def _locale() -> Locale:
    return Locale.objects.get_or_create(language_code=get_supported_content_language_variant(settings.LANGUAGE_CODE))[0]


def _root(locale: Locale) -> Page:
    """Wagtail's migrations make it, under an English title that its choosers show; a flushed database has none."""
    root = Page.get_first_root_node() or Page.add_root(title=RACINE, slug="root", locale=locale)
    if root.title != RACINE:
        root.title = root.draft_title = RACINE
        root.save()
    return root


def _home(root: Page) -> HomePage:
    home = HomePage.objects.first()
    if home is None:
        home = _add(root, HomePage(title="Accueil"))
        # The page that Wagtail welcomes newcomers with, if nobody has made anything of it.
        for welcome in Page.objects.child_of(root).filter(slug="home", numchild=0):
            if welcome.specific_class is Page:
                Site.objects.filter(root_page=welcome).update(root_page=home)
                number = welcome.pk
                welcome.delete()
                PageLogEntry.objects.filter(page_id=number).delete()  # « Welcome… », at the top of the site's history
    return home


def _site(home: HomePage) -> None:
    """One site, at SITE_URL; it follows when the address changes."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    name = settings.WAGTAIL_SITE_NAME
    wanted = {"hostname": address.hostname, "port": port, "root_page_id": home.pk, "site_name": name}
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if site.pk is None or any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()


def _single_pages(home: HomePage) -> None:
    pages = [
        ActualitesPage(title="Actualités", chapeau="Ce que les communes et leur intercommunalité ont à vous dire."),
        MentionsLegalesPage(title="Mentions légales", corps=read(TEXTES / "mentions-legales.txt").corps),
        DonneesPersonnellesPage(title="Données personnelles", corps=read(TEXTES / "donnees-personnelles.txt").corps),
        AccessibilitePage(title="Accessibilité", etablie_le=timezone.localdate(), **_declaration()),
    ]
    for page in pages:
        if not type(page).objects.exists():
            _add(home, page)


def _declaration() -> dict[str, str]:
    """The fields of the accessibility declaration; each title of the file is the name of one."""
    written = read(TEXTES / "accessibilite.txt")
    titles, texts = written.corps[::2], written.corps[1::2]
    fields = {
        slugify(title["texte"]).replace("-", "_"): text for (_, title), (_, text) in zip(titles, texts, strict=True)
    }
    return {"technologies": written.entete["technologies"], **fields}


def _help(home: HomePage) -> None:
    """All of it or nothing: a help page that the team has taken away does not come back."""
    if AidePage.objects.exists():
        return
    parent = _add(home, _help_page(AidePage, "aide"))
    for slug in ("prendre-en-main", "questions-frequentes", "ecrire-a-l-equipe"):
        _add(parent, _help_page(PageStandard, slug))


def _help_page(model: type[Page], slug: str) -> Page:
    written = read(AIDE / f"{slug}.txt")
    return model(title=written.entete["titre"], slug=slug, chapeau=written.entete["chapeau"], corps=written.corps)


def _add(parent: Page, page: Page) -> Page:
    """Published at once; without a revision, which the first change by an editor makes."""
    page.first_published_at = page.last_published_at = timezone.now()
    return parent.add_child(instance=page)


def _rights(home: HomePage) -> None:
    """Who answers for the content, or for the administration, writes and publishes anywhere in the tree."""
    permissions = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=RIGHTS)
    for group in Group.objects.filter(name__in=[domaine.label for domaine in EDITORS]):
        for permission in permissions:
            GroupPagePermission.objects.get_or_create(group=group, page=home, permission=permission)


def _register() -> None:
    """The sheets that are not there yet; one that was withdrawn is still there, and stays withdrawn."""
    known = set(FicheTraitement.objects.values_list("code", flat=True))
    for rank, sheet in enumerate(collect("traitements"), 1):
        if sheet.code not in known:
            FicheTraitement.objects.create(ordre=10 * rank, **vars(sheet))
