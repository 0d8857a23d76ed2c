"""What a loan of the cast gives to the model of its convention: every name that a model may write."""

from materiel.redaction import forms

VALEURS = {
    **forms("preteur", "la commune de Tavaux"),
    **forms("emprunteur", "la commune de Foucherans"),
    **forms("epci", "la communauté d’agglomération du Grand Dole"),
    "deliberation_preteur": "la délibération n° 2026-38 du conseil municipal de Tavaux du 15 juin 2026",
    "deliberation_emprunteur": "la délibération n° 2026-22 du conseil municipal de Foucherans du 25 juin 2026",
    "reglement": "le règlement de prêt adopté par le conseil communautaire le 21 mai 2026",
    "numero": "2026-107",
    "materiel": "un barnum de 5 × 8 m",
    "usage": "la foire d’automne",
    "periode": "du 16 octobre, matin, au 19 octobre 2026",
    "remise": "vendredi 16 octobre, 7 h 45",
    "retour": "lundi 19 octobre, 8 h",
    "lieu": "au centre technique de Tavaux, rue des Vernes",
    "preavis": "dix jours ouvrés",
    "duree_max": "quatre jours",
    "conducteur": "Mickaël Prost",
    "habilitations": "permis BE",
    "debut_cadre": "1er janvier 2027",
    "fin_cadre": "31 décembre 2027",
    "delai_resiliation": "deux mois",
    "prix": "au prix de 60 € par jour, soit 240 €",
    "prix_conducteur": "38 € l’heure",
    "prix_livraison": "35 €",
    "caution": "500 €",
    "delai_paiement": "trente jours",
    "penalite_retard": "30 € par jour",
    "tribunal": "le tribunal administratif de Besançon",
    "contact_dpo": "dpo@grand-dole.example",
}
