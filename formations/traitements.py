"""The sheets of the training in the register of personal data (RGPD art. 30)."""

from extranet.lib.apports import Traitement

MISSION = "Mission d’intérêt public des collectivités (RGPD, art. 6.1.e)"
EMPLOI = "Obligations de l’employeur en formation et en sécurité (RGPD, art. 6.1.c) et mission d’intérêt public (6.1.e)"

TRAITEMENTS = [
    Traitement(
        code="formations",
        intitule="Inscriptions aux formations et présences",
        finalite=(
            "Inscrire les agents et les élus, obtenir l’accord de leur mairie, les convoquer, établir les feuilles "
            "d’émargement et les attestations, partager les coûts, compter les formations par commune. Jamais classer "
            "ni évaluer les personnes."
        ),
        base_legale=EMPLOI,
        personnes="Agents et élus inscrits, ceux qui les inscrivent ou donnent le visa, formateurs et formatrices",
        donnees=(
            "Demande, rang, visa et sa date, retrait et sa raison\u00a0; repas, covoiturage\u00a0; présence par "
            "demi-journée\u00a0; feuilles signées\u00a0; attestations\u00a0; adresses secrètes d’agenda et liens de "
            "visa, dont l’empreinte seule est gardée. Une évaluation ne porte pas le nom de qui l’a écrite."
        ),
        source="Les personnes elles-mêmes, leur mairie, les responsables des formations",
        destinataires=(
            "La mairie de la personne, les responsables des formations, l’organisme qui forme. Le covoiturage "
            "proposé\u00a0: les inscrits de la même session."
        ),
        conservation=(
            "Tant que la personne est en poste. Les feuilles signées, preuves de présence, cinq ans après la session. "
            "À l’effacement d’une personne, ses inscriptions à venir sont retirées, son nom quitte les textes\u00a0; "
            "le nombre des présents reste, sans nom."
        ),
    ),
    Traitement(
        code="besoins_particuliers",
        intitule="Besoins d’aménagement pour suivre une formation",
        finalite="Bien recevoir une personne qui a besoin d’un aménagement.",
        base_legale="Consentement de la personne (RGPD, art. 6.1.a et 9.2.a), libre et repris en un clic",
        personnes="Personnes inscrites qui ont choisi d’écrire ce message",
        donnees="Le message, chiffré. Aucune cause n’est demandée.",
        source="La personne elle-même",
        destinataires="L’organisateur de la session, seul. Chaque lecture est notée. Jamais dans un courriel.",
        conservation="Effacé le lendemain de la session, ou dès que l’inscription prend fin.",
    ),
    Traitement(
        code="plan_de_formation",
        intitule="Besoins de formation, titres à renouveler, souhaits",
        finalite=(
            "Recenser les besoins des communes, en faire un plan et des sessions, rappeler les titres qui arrivent à "
            "échéance, rassembler ceux qui souhaitent une formation."
        ),
        base_legale=EMPLOI,
        personnes="Agents nommés dans un besoin, titulaires d’un titre, personnes intéressées par une formation",
        donnees="Le besoin et les agents nommés\u00a0; le titre et sa date de fin\u00a0; le souhait et qui le partage.",
        source="Leur mairie\u00a0; les personnes elles-mêmes pour les souhaits",
        destinataires=(
            "La mairie de la personne et les responsables des formations. Le plan est lu par toutes les communes, en "
            "nombre d’agents, sans nom. Un souhait montre combien de personnes le partagent."
        ),
        conservation=(
            "Les noms, tant que la personne est en poste. Les rappels d’un titre disparaissent avec lui, un an après "
            "sa fin de validité."
        ),
    ),
]
