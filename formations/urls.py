"""Addresses of the training; its sheets come last, and leave to the tree of pages what is not theirs."""

from django.urls import path

from formations.views import besoins, consulter, lignes, plan, sessions, souhaits, titres

app_name = "formations"

urlpatterns = [
    path("formations/", consulter.catalogue, name="catalogue"),
    path("formations/sessions/<str:numero>/", sessions.session_detail, name="session_detail"),
    path("formations/inscriptions/<int:pk>/", sessions.inscription_detail, name="inscription_detail"),
    # Titles, needs, wishes.
    path("formations/titres/", titres.titre_list, name="titre_list"),
    path("formations/titres/tous/", titres.titre_tous, name="titre_tous"),
    path("formations/titres/territoire/", titres.titre_territoire, name="titre_territoire"),
    path("formations/titres/tenir/", titres.titre_tenir, name="titre_tenir"),
    path("formations/titres/confirmer/", titres.titre_confirmer, name="titre_confirmer"),
    path("formations/titres/<int:pk>/rendre/", titres.titre_rendre, name="titre_rendre"),
    path("formations/besoins/", plan.plan, name="plan"),
    path("formations/besoins/preparer/", plan.campagne_create, name="campagne_create"),
    path("formations/besoins/<int:pk>/", plan.campagne_detail, name="campagne_detail"),
    path("formations/besoins/<int:pk>/modifier/", plan.campagne_update, name="campagne_update"),
    path("formations/besoins/<int:pk>/reponses/", plan.campagne_reponses, name="campagne_reponses"),
    path("formations/besoins/<int:pk>/etat/", plan.campagne_statut, name="campagne_statut"),
    path("formations/besoins/<int:pk>/les-notres/", besoins.besoin_list, name="besoin_list"),
    path("formations/besoins/<int:pk>/dire/", besoins.besoin_create, name="besoin_create"),
    path("formations/besoins/<int:pk>/reprendre/", besoins.besoin_copier, name="besoin_copier"),
    path("formations/besoins/<int:pk>/complet/", besoins.besoin_complet, name="besoin_complet"),
    path("formations/besoins/<int:pk>/reunir/", lignes.ligne_list, name="ligne_list"),
    path("formations/besoins/<int:pk>/reunir/faire/", lignes.ligne_reunir, name="ligne_reunir"),
    path("formations/besoins/un/<int:pk>/", besoins.besoin_update, name="besoin_update"),
    path("formations/besoins/un/<int:pk>/retirer/", besoins.besoin_delete, name="besoin_delete"),
    path("formations/besoins/un/<int:pk>/nommer/", besoins.besoin_nommer, name="besoin_nommer"),
    path("formations/besoins/un/<int:pk>/deplacer/", lignes.besoin_deplacer, name="besoin_deplacer"),
    path("formations/plan/<int:pk>/", lignes.ligne_detail, name="ligne_detail"),
    path("formations/plan/<int:pk>/session/", lignes.ligne_session, name="ligne_session"),
    path("formations/souhaits/", souhaits.souhait_list, name="souhait_list"),
    path("formations/souhaits/<int:pk>/aussi/", souhaits.souhait_aussi, name="souhait_aussi"),
    path("formations/souhaits/<int:pk>/repondre/", souhaits.souhait_repondre, name="souhait_repondre"),
]
