"""Addresses of the files."""

from django.urls import path

from ressources.views import consulter, demandes, deposer, documents, fiche, mes_documents, relire, suivi, usages

app_name = "ressources"

urlpatterns = [
    path("ressources/", consulter.ressource_list, name="ressource_list"),
    path("ressources/fichiers/<int:pk>/<str:nom>", fiche.fichier, name="fichier"),
    path("ressources/versions/<int:pk>/apercu/", fiche.apercu, name="apercu"),
    path("ressources/versions/<int:pk>/page-<int:numero>/", fiche.page_image, name="page_image"),
    path("ressources/actes/<int:pk>/", fiche.acte, name="acte"),
    path("ressources/<int:pk>/telechargements/", fiche.telechargements, name="telechargements"),
    path("ressources/<int:pk>/favori/", usages.favori, name="favori"),
    path("ressources/<int:pk>/avis/", usages.avis, name="avis"),
    path("ressources/<int:pk>/reprise/", usages.reprise, name="reprise"),
    path("ressources/<int:pk>/echanges/", usages.echange_create, name="echange_create"),
    path("ressources/<int:pk>/echanges/<int:echange>/", usages.echange_repondre, name="echange_repondre"),
    path("ressources/<int:pk>/echanges/<int:echange>/traite/", usages.echange_traiter, name="echange_traiter"),
    path("ressources/favoris/", consulter.favori_list, name="favori_list"),
    path("ressources/themes/<slug:slug>/", consulter.theme_detail, name="theme_detail"),
    path("ressources/demandes/", demandes.demande_list, name="demande_list"),
    path("ressources/demandes/nouvelle/", demandes.demande_create, name="demande_create"),
    path("ressources/demandes/<int:pk>/moi-aussi/", demandes.demande_soutenir, name="demande_soutenir"),
    path("ressources/demandes/<int:pk>/repondre/", demandes.demande_repondre, name="demande_repondre"),
    path("ressources/demandes/<int:pk>/clore/", demandes.demande_clore, name="demande_clore"),
    path("documents/<int:pk>/<str:nom>", documents.document, name="document"),
    path("images/<int:pk>/", documents.rendition, name="rendition"),
    path("images/originale/<int:pk>/", documents.image, name="image"),
    path("ressources/a-verifier/", suivi.verification_list, name="verification_list"),
    path("ressources/<int:pk>/toujours-valable/", suivi.toujours_valable, name="toujours_valable"),
    path("ressources/versions/<int:pk>/lu/", suivi.lecture, name="lecture"),
    path("ressources/versions/<int:pk>/relire/", suivi.version_relire, name="version_relire"),
    path("ressources/versions/<int:pk>/lectures/", suivi.lecture_list, name="lecture_list"),
    path("ressources/deposer/", deposer.deposer, name="deposer"),
    path("ressources/deposer/lecteurs/", deposer.lecteurs, name="lecteurs"),
    path("ressources/deposer/<uuid:uuid>/", deposer.depot, name="depot"),
    path("ressources/deposer/<uuid:uuid>/fichier/", deposer.fichier_create, name="fichier_create"),
    path("ressources/deposer/<uuid:uuid>/fichier/<int:pk>/", deposer.fichier_detail, name="fichier_detail"),
    path("ressources/deposer/<uuid:uuid>/fichier/<int:pk>/retirer/", deposer.fichier_remove, name="fichier_remove"),
    path("ressources/mes-documents/", mes_documents.document_list, name="document_list"),
    path("ressources/mes-documents/<int:pk>/", mes_documents.ressource_update, name="ressource_update"),
    path("ressources/mes-documents/<int:pk>/apercu/", mes_documents.ressource_preview, name="ressource_preview"),
    path("ressources/mes-documents/<int:pk>/envoyer/", mes_documents.ressource_submit, name="ressource_submit"),
    path("ressources/mes-documents/<int:pk>/reprendre/", mes_documents.ressource_take_back, name="ressource_take_back"),
    path("ressources/mes-documents/<int:pk>/version/", mes_documents.version_create, name="version_create"),
    path("ressources/mes-documents/<int:pk>/archiver/", mes_documents.ressource_archive, name="ressource_archive"),
    path("ressources/versions/<int:pk>/retirer/", mes_documents.version_withdraw, name="version_withdraw"),
    path("ressources/relecture/", relire.relecture_list, name="relecture_list"),
    path("ressources/relecture/<int:pk>/", relire.relecture_detail, name="relecture_detail"),
    path("ressources/relecture/<int:pk>/remarque/", relire.relecture_note, name="relecture_note"),
]
