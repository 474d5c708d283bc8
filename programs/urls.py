"""Public lists and details of programmes."""

from django.urls import path

from programs import views

urlpatterns = [
    path("programmes/", views.programme_list, name="programme_list"),
    path("programmes/export.csv", views.programme_export_csv, name="programme_export_csv"),
    path("programmes/export.json", views.programme_export_json, name="programme_export_json"),
    path("programmes/<slug:slug>/", views.programme_detail, name="programme_detail"),
]
