"""Addresses of the training; its sheets come last, and leave to the tree of pages what is not theirs."""

from django.urls import path

from formations.views import (
    agendas,
    bilan,
    consulter,
    decisions,
    edition,
    evaluations,
    fiche,
    inscriptions,
    organiser,
    papiers,
    places,
    presences,
    sessions,
    suivre,
)

app_name = "formations"

urlpatterns = [
    path("formations/", consulter.catalogue, name="catalogue"),
    path("formations/calendrier/", consulter.calendrier, name="calendrier"),
    path("formations/agenda/", agendas.agenda_lien, name="agenda_lien"),
    path("formations/agenda/<int:pk>/revoquer/", agendas.agenda_revoquer, name="agenda_revoquer"),
    path("formations/agenda/<str:jeton>.ics", agendas.agenda_ics, name="agenda_ics"),
    path("formations/sessions/<str:numero>/", sessions.session_detail, name="session_detail"),
    path("formations/inscriptions/", inscriptions.inscription_list, name="inscription_list"),
    path("formations/inscriptions/<int:pk>/", inscriptions.inscription_detail, name="inscription_detail"),
    path("formations/inscriptions/<int:pk>/retirer/", places.inscription_desister, name="inscription_desister"),
    path("formations/inscriptions/<int:pk>/remplacer/", places.inscription_remplacer, name="inscription_remplacer"),
    path("formations/inscriptions/<int:pk>/repondre/", places.inscription_repondre, name="inscription_repondre"),
    path("formations/inscriptions/<int:pk>/preciser/", places.inscription_preciser, name="inscription_preciser"),
    path("formations/inscriptions/<int:pk>/besoin/", places.inscription_besoin, name="inscription_besoin"),
    path("formations/inscriptions/ensemble/<uuid:lot>/", inscriptions.inscription_lot, name="inscription_lot"),
    # Sheets: always after every other address of the area.
    path("formations/<slug:slug>/", fiche.formation_detail, name="formation_detail"),
    path("formations/<slug:slug>/inscrire/", fiche.inscrire, name="inscrire"),
    path("formations/<slug:slug>/recapitulatif/", fiche.recapitulatif, name="recapitulatif"),
    path("formations/inscriptions/<int:pk>/", sessions.inscription_detail, name="inscription_detail"),
    # Organising.
    path("formations/organiser/", organiser.organiser, name="organiser"),
    path("formations/organiser/nouvelle/", edition.session_create, name="session_create"),
    path("formations/sessions/<str:numero>/gerer/", organiser.session_manage, name="session_manage"),
    path("formations/sessions/<str:numero>/courriels/", organiser.session_mails, name="session_mails"),
    path("formations/sessions/<str:numero>/journal/", organiser.session_journal, name="session_journal"),
    path("formations/sessions/<str:numero>/inscrits.xlsx", organiser.session_export, name="session_export"),
    path("formations/sessions/<str:numero>/modifier/", edition.session_update, name="session_update"),
    path("formations/sessions/<str:numero>/dates/", edition.session_dates, name="session_dates"),
    path("formations/sessions/<str:numero>/ouvrir/", decisions.session_open, name="session_open"),
    path("formations/sessions/<str:numero>/maintenir/", decisions.session_keep, name="session_keep"),
    path("formations/sessions/<str:numero>/annuler/", decisions.session_cancel, name="session_cancel"),
    path("formations/sessions/<str:numero>/suivante/", decisions.session_next, name="session_next"),
    path("formations/sessions/<str:numero>/inscrire/", suivre.session_book, name="session_book"),
    path("formations/sessions/<str:numero>/ecrire/", suivre.session_write, name="session_write"),
    path("formations/sessions/<str:numero>/relancer/", suivre.session_remind, name="session_remind"),
    path("formations/sessions/<str:numero>/inscrits/<int:pk>/retirer/", suivre.session_unenrol, name="session_unenrol"),
    path(
        "formations/sessions/<str:numero>/inscrits/<int:pk>/priorite/", suivre.session_priority, name="session_priority"
    ),
    # Days of a session, its papers, and what follows.
    path("formations/sessions/<str:numero>/convocations/", papiers.session_convocations, name="session_convocations"),
    path("formations/sessions/<str:numero>/presences/", presences.session_presences, name="session_presences"),
    path("formations/sessions/<str:numero>/emargement/pdf/", papiers.emargement_pdf, name="emargement_pdf"),
    path("formations/sessions/<str:numero>/feuilles/", presences.session_feuille, name="session_feuille"),
    path("formations/sessions/<str:numero>/porte/", presences.session_porte, name="session_porte"),
    path("formations/sessions/<str:numero>/terminer/", presences.session_clore, name="session_clore"),
    path("formations/feuilles/<int:pk>/<str:nom>", presences.feuille_fichier, name="feuille_fichier"),
    path("formations/presences/<str:jeton>/", presences.porte_arrivee, name="porte"),
    path("formations/inscriptions/<int:pk>/convocation/pdf/", papiers.convocation_pdf, name="convocation_pdf"),
    path("formations/inscriptions/<int:pk>/agenda.ics", papiers.inscription_ics, name="inscription_ics"),
    path("formations/attestations/<str:numero>/", papiers.attestation_detail, name="attestation_detail"),
    path("formations/attestations/<str:numero>/pdf/", papiers.attestation_pdf, name="attestation_pdf"),
    path("formations/evaluations/<str:numero>/", evaluations.evaluation_create, name="evaluation_create"),
    path("formations/evaluations/<str:numero>/bilan/", evaluations.evaluation_bilan, name="evaluation_bilan"),
    path("formations/parcours/", bilan.parcours, name="parcours"),
    path("formations/parcours/<slug:slug>/", bilan.parcours_agent, name="parcours_agent"),
    path("formations/bilan/", bilan.bilan, name="bilan"),
]
