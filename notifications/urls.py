"""Addresses under /notifications/."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.notification_list, name="notification_list"),
    path("archives/", views.archive_list, name="archive_list"),
    path("preferences/", views.preferences, name="preferences"),
    path("tout-lire/", views.mark_all_read, name="notification_mark_all_read"),
    path("<int:pk>/lire/", views.mark_read, name="notification_mark_read"),
    path("<int:pk>/archiver/", views.archive, name="notification_archive"),
    path("<int:pk>/desarchiver/", views.unarchive, name="notification_unarchive"),
    path("suivre/", views.follow, name="follow"),
    path("ne-plus-suivre/", views.unfollow, name="unfollow"),
]
