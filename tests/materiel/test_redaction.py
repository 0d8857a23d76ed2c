import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from materiel.redaction import (
    A_COMPLETER,
    BASES,
    CHAMPS,
    FACULTATIFS,
    ModeleIncorrect,
    alineas,
    check,
    compose,
    compose_articles,
    compose_visas,
    forms,
    load,
    missing,
)
from tests.materiel.textes import VALEURS

MODELES = [(base, cadre) for base in BASES for cadre in (False, True)]
ORDRE = ["Objet", "Matériel", "Durée", "Réservation et annulation"]


def plain(text: object) -> str:
    return str(text).replace("\u00a0", " ").replace("\u202f", " ")


def article(*lines: str, **more) -> dict:
    return {"titre": "Durée", "alineas": list(lines)} | more


def test_a_word_in_braces_gives_way_to_its_value():
    assert compose("Rendu {a_preteur} {periode}.", VALEURS) == (
        "Rendu à la commune de Tavaux du 16 octobre, matin, au 19 octobre 2026."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{preteur} prête.", "La commune de Tavaux prête."),
        ("Rendu. {preteur} paie.", "Rendu. La commune de Tavaux paie."),
        ("Article L. 5111-1. {preteur} paie.", "Article L. 5111-1. La commune de Tavaux paie."),
        ("Selon L. {preteur}", "Selon L. la commune de Tavaux"),
        ("À {preteur} : {preteur}", "À la commune de Tavaux : la commune de Tavaux"),
    ],
)
def test_a_value_that_begins_a_sentence_takes_a_capital(text: str, expected: str):
    assert compose(text, VALEURS) == expected


@pytest.mark.parametrize(
    "value",
    ["{caution}", "{{preteur}}", "{", "}", "%s {0} $x", r"\1 \g<0> \n", "#panic() *gras*", "{x.__class__}", "a{b"],
)
def test_a_value_is_never_read_again(value: str):
    assert compose("Pour {usage}.", VALEURS | {"usage": value, "x": "non"}) == f"Pour {value}."


@given(st.text(min_size=1).filter(str.strip), st.sampled_from(CHAMPS))
def test_any_value_comes_out_as_it_is(value: str, name: str):
    assert compose(f"le {{{name}}} !", {name: value}) == f"le {value.strip()} !"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Prêt {prêteur}.", "Article 3, « Durée » : {prêteur} ne désigne rien. Vouliez-vous écrire {preteur} ?"),
        ("Le {delai resiliation}", "{delai resiliation} ne désigne rien. Vouliez-vous écrire {delai_resiliation} ?"),
        ("Le {0}", "Article 3, « Durée » : {0} ne désigne rien."),
        ("Le {}", "{} ne désigne rien."),
        ("Le {preteur.siren}", "{preteur.siren} ne désigne rien."),
        ("Le {preteur!r:>10}", "{preteur!r:>10} ne désigne rien."),
        ("Le { preteur }", "{ preteur } ne désigne rien. Vouliez-vous écrire {preteur} ?"),
        ("Le {preteur", "Article 3, « Durée » : une accolade est seule."),
        ("Le preteur}", "une accolade est seule."),
        ("{{preteur}}", "une accolade est seule."),
    ],
)
def test_a_word_that_means_nothing_is_refused_with_its_place(text: str, sentence: str):
    with pytest.raises(ModeleIncorrect) as refusal:
        compose_articles([article("Un."), article("Deux."), article(text)], VALEURS)
    assert sentence in plain(refusal.value)
    assert sentence in plain(" ".join(check([article("Un."), article("Deux."), article(text)])))


def test_a_value_not_given_is_refused():
    with pytest.raises(ModeleIncorrect, match=r"Article 1, .*le prêt ne dit rien pour \{lieu\}"):
        compose_articles([article("Rendu {lieu}.")], {})


def composed(lines: list[str], valeurs: dict) -> list[str]:
    return compose_articles([article(*lines)], valeurs)[0]["alineas"]


def test_a_paragraph_about_what_the_loan_has_not_is_left_out():
    lines = ["Le prêt est gratuit.", "Une garantie de {caution} est convenue.", "Fin."]
    assert composed(lines, VALEURS | {"caution": ""}) == ["Le prêt est gratuit.", "Fin."]
    assert composed(lines, VALEURS | {"caution": "500 €"})[1] == "Une garantie de 500 € est convenue."
    assert composed(lines, {}) == ["Le prêt est gratuit.", "Fin."]


def test_a_value_that_is_needed_is_shown_as_lacking():
    lines = ["Rendu {lieu}.", "Devant {tribunal}.", "Caution : {caution}."]
    valeurs = VALEURS | {"lieu": " ", "tribunal": "", "caution": ""}
    assert composed(lines, valeurs) == [f"Rendu {A_COMPLETER}.", f"Devant {A_COMPLETER}."]
    assert missing(lines, valeurs) == ["lieu", "tribunal"]
    assert missing(lines, VALEURS) == []


def test_visas_begin_without_a_capital_and_lose_what_does_not_exist():
    visas = ["{deliberation_preteur} ;", "{deliberation_emprunteur} ;", "{reglement},"]
    assert compose_visas(visas, VALEURS | {"deliberation_emprunteur": ""}) == [
        "la délibération n° 2026-38 du conseil municipal de Tavaux du 15 juin 2026 ;",
        "le règlement de prêt adopté par le conseil communautaire le 21 mai 2026,",
    ]
    with pytest.raises(ModeleIncorrect, match="Les visas"):
        compose_visas(["{loi}"], VALEURS)


def test_the_title_of_an_article_may_name_a_field():
    assert compose_articles([article("Un.", titre="Prêt {numero}")], VALEURS)[0]["titre"] == "Prêt 2026-107"


def test_what_is_wrong_in_a_model_is_said_whole():
    articles = [article(), article("Prêt.", titre=" "), article("Prêt.", tableau="prix"), article("{x}", tableau=None)]
    assert [plain(sentence) for sentence in check(articles, ["{vu}"])] == [
        "Les visas : {vu} ne désigne rien.",
        "Article 1, « Durée » : écrivez son texte.",
        "Article 2, «   » : donnez-lui un titre.",
        "Article 3, « Durée » : le tableau « prix » n’existe pas.",
        "Article 4, « Durée » : {x} ne désigne rien.",
    ]
    assert check([]) == ["Une convention a un article au moins."]
    assert check([article("Prêt.", tableau="periode")]) == []


def test_lines_are_paragraphs():
    assert alineas("Un.\r\n\r\n  Deux. \nTrois.") == ["Un.", "Deux.", "Trois."]


@pytest.mark.parametrize(
    ("designation", "of", "to"),
    [
        ("la commune de Tavaux", "de la commune de Tavaux", "à la commune de Tavaux"),
        ("le syndicat des eaux", "du syndicat des eaux", "au syndicat des eaux"),
        ("les services communs", "des services communs", "aux services communs"),
        ("l’office de tourisme", "de l’office de tourisme", "à l’office de tourisme"),
        ("Étrepigney", "d’Étrepigney", "à Étrepigney"),
        ("Lectoure", "de Lectoure", "à Lectoure"),
        ("", "de ", "à "),
    ],
)
def test_a_party_has_its_prepositions(designation: str, of: str, to: str):
    assert forms("preteur", designation) == {"preteur": designation, "de_preteur": of, "a_preteur": to}


@pytest.mark.parametrize(("base", "cadre"), MODELES)
def test_each_model_has_sixteen_articles_and_no_mistake(base: str, cadre: bool):
    modele = load(base, cadre=cadre)
    assert check(modele.articles, modele.visas) == []
    assert [entry["titre"] for entry in modele.articles][:4] == ORDRE
    assert len(modele.articles) == 16
    assert modele.articles[15]["titre"] == "Litiges"
    assert ("cadre" in modele.titre) == cadre
    assert [entry["tableau"] for entry in modele.articles if entry["tableau"]] == (
        [] if cadre else ["materiel", "periode"]
    )


@pytest.mark.parametrize(("base", "cadre"), MODELES)
def test_each_model_composes_with_and_without_what_a_loan_may_lack(base: str, cadre: bool):
    modele = load(base, cadre=cadre)
    whole = compose_articles(modele.articles, VALEURS)
    bare = compose_articles(modele.articles, VALEURS | dict.fromkeys(FACULTATIFS, ""))
    for articles in (whole, bare):
        assert len(articles) == 16
        for entry in articles:
            assert entry["alineas"], entry["titre"]
            for line in entry["alineas"]:
                assert not re.search(r"[{}]|\bd[eu] l[ae]s? l|  |à compléter", line), line
                assert line[0].isupper()
                assert line.endswith(".")
    assert sum(len(entry["alineas"]) for entry in bare) < sum(len(entry["alineas"]) for entry in whole)


@pytest.mark.parametrize("base", BASES)
def test_the_agreement_of_a_year_names_nothing_of_one_loan(base: str):
    modele = load(base, cadre=True)
    of_one_loan = ("materiel", "usage", "periode", "remise", "retour", "lieu", "preavis", "duree_max", "prix")
    lines = [line for entry in modele.articles for line in entry["alineas"]]
    valeurs = VALEURS | dict.fromkeys([*of_one_loan, *FACULTATIFS, "numero"], "")
    assert missing([*modele.visas, *lines], valeurs) == []
    assert A_COMPLETER not in str(compose_articles(modele.articles, valeurs))


def test_what_is_free_speaks_of_no_price_nor_payment():
    valeurs = VALEURS | dict.fromkeys(FACULTATIFS, "") | {"prix": "à titre gratuit"}
    for base in ("epci_commune", "commune_commune", "avec_conducteur"):
        (only,) = compose_articles(load(base).articles, valeurs)[11]["alineas"]
        assert only.startswith("Le matériel est mis à disposition à titre gratuit")


def test_a_loan_for_use_asks_no_price():
    names = {"{prix}", "{delai_paiement}", "{prix_conducteur}"}
    for cadre in (False, True):
        text = " ".join(line for entry in load("pret_usage", cadre=cadre).articles for line in entry["alineas"])
        assert not any(name in text for name in names)
        assert "1883" in text


def test_the_basis_of_each_model_is_in_its_visas():
    cited = {
        "epci_commune": "L. 5211-4-3",
        "commune_commune": "L. 5111-1",
        "avec_conducteur": "L. 5211-4-1",
        "pret_usage": "articles 1875 à 1891",
    }
    for base, words in cited.items():
        assert words in plain(" ".join(load(base).visas))


def test_models_use_no_name_that_the_loan_could_not_fill():
    used = {
        name
        for base, cadre in MODELES
        for line in [line for entry in load(base, cadre=cadre).articles for line in entry["alineas"]]
        for name in re.findall(r"\{(\w+)\}", line)
    }
    assert used <= set(VALEURS) <= set(CHAMPS)
    assert set(CHAMPS) == set(VALEURS)
