"""Public lists of this app. Every address has the reader's language before it."""

from django.urls import path

from members.views import directory

urlpatterns = [path("cities/", directory.city_list, name="city_list")]
