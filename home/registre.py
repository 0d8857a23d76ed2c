"""The sheets of the register for what this release holds. Areas that come later bring theirs (`traitements`)."""

from extranet.lib.apports import Traitement

MISSION = "Mission d’intérêt public des collectivités (RGPD, art. 6.1.e)"
MEMBRES = "Personnes ayant un compte et un poste en cours dans une collectivité du territoire"
TECHNIQUE = "l’hébergeur et l’équipe qui administre le service, pour son fonctionnement"

TRAITEMENTS = [
    Traitement(
        code="comptes",
        intitule="Comptes et connexion",
        finalite="Reconnaître chaque personne, protéger son compte, lui ouvrir ce qui s’adresse à elle.",
        base_legale=MISSION,
        personnes="Élus et agents des collectivités membres",
        donnees=(
            "Adresse de courriel professionnelle, empreinte du mot de passe s’il y en a un, clés d’accès et second "
            "facteur, sessions ouvertes (adresse IP, navigateur, dates), date de lecture de la notice."
        ),
        source="La collectivité qui invite, puis la personne elle-même",
        destinataires=f"La personne elle-même ; {TECHNIQUE}",
        conservation=(
            "Une session dure douze heures au plus. Le compte ne voit plus rien le jour du départ ; il est effacé avec "
            "la fiche. Une invitation restée sans réponse est effacée dans le même délai."
        ),
    ),
    Traitement(
        code="annuaire",
        intitule="Annuaire des élus et des agents",
        finalite="Savoir qui fait quoi dans chaque collectivité, quand et comment le joindre.",
        base_legale=MISSION,
        personnes="Élus et agents des collectivités membres, avec ou sans compte",
        donnees=(
            "Nom, prénom, fonction, collectivités, jours de présence, coordonnées professionnelles, absences sans "
            "motif et qui répond, réseaux, titres et habilitations, sujets sur lesquels solliciter la personne."
        ),
        source="La collectivité employeur ; la personne elle-même pour ce qui est facultatif",
        destinataires=f"{MEMBRES} ; {TECHNIQUE}",
        conservation=(
            "Tant que dure le poste. La fiche est cachée le jour du départ, ou quand la personne s’y oppose, puis "
            "effacée au terme du délai que le territoire a fixé (60 jours, sauf autre choix). Une absence, un an après "
            "sa fin."
        ),
    ),
    Traitement(
        code="notifications",
        intitule="Notifications et courriels",
        finalite="Prévenir chaque personne de ce qui la concerne, comme elle le souhaite.",
        base_legale=MISSION,
        personnes="Personnes ayant un compte",
        donnees=(
            "Messages reçus et lus, préférences, sujets suivis, courriels envoyés (adresse, objet, date, état de "
            "l’envoi)."
        ),
        source="Les actes accomplis dans l’extranet",
        destinataires=f"La personne elle-même, ou la personne gestionnaire d’un agent sans courriel ; {TECHNIQUE}",
        conservation=(
            "Une notification, un an. Le texte d’un courriel est effacé dès qu’il est parti ; la trace de l’envoi, "
            "après trente jours, ou quatre-vingt-dix s’il n’a pas pu être remis. Tout est effacé avec la fiche, au "
            "plus tard."
        ),
    ),
    Traitement(
        code="actualites",
        intitule="Actualités et pages",
        finalite="Informer les collectivités membres, ou une partie d’entre elles.",
        base_legale=MISSION,
        personnes="Personnes qui écrivent, et celles que citent les textes",
        donnees="Nom de l’auteur, collectivité, textes, images et documents publiés, dates.",
        source="Les personnes qui publient",
        destinataires=f"Les lecteurs choisis pour chaque contenu ; {TECHNIQUE}",
        conservation="Jusqu’au retrait du contenu. Le nom de l’auteur est effacé avec sa fiche.",
    ),
    Traitement(
        code="journaux",
        intitule="Journal des actes et journaux techniques",
        finalite="Prouver ce qui a été fait, comprendre un incident, voir un accès anormal. Jamais évaluer le travail.",
        base_legale="Mission d’intérêt public et obligation de sécurité (RGPD, art. 6.1.e et 32)",
        personnes="Personnes ayant un compte",
        donnees="Acte, personne, collectivité, objet et heure ; pour les connexions, l’adresse IP.",
        source="L’usage du service",
        destinataires="Les administrateurs du service",
        conservation=(
            "Le journal des actes, un an ; le nom d’une personne en est retiré quand elle est effacée. Les journaux "
            "techniques du serveur, de six mois à un an."
        ),
    ),
]
