"""Where a form came from: a page of ours, or nothing."""

import pytest
from django.test import RequestFactory

from extranet.lib.provenance import next_of, page_of

OURS = "http://testserver"


@pytest.mark.parametrize(
    ("came", "page"),
    [
        (f"{OURS}/ressources/?q=plu", "/ressources/?q=plu"),
        (f"{OURS}//ailleurs.example/", "/"),
        ("https://ailleurs.example/ressources/", "/"),
        ("", "/"),
    ],
)
def test_the_page_one_came_from_is_ours(came: str, page: str) -> None:
    assert page_of(RequestFactory().post("/essai/", headers={"Referer": came}), "/") == page
    assert page_of(RequestFactory().post("/essai/", headers={"HX-Current-URL": came}), "/") == page


@pytest.mark.parametrize("hostile", ["//ailleurs.example", "https://ailleurs.example", "/\\ailleurs.example", "essai"])
def test_a_form_leads_back_to_ours_only(hostile: str) -> None:
    assert next_of(RequestFactory().post("/essai/", {"next": "/annuaire/?q=a"}), "/") == "/annuaire/?q=a"
    assert next_of(RequestFactory().post("/essai/", {"next": hostile}), "/") == "/"
