"""Public lists and forms of this app. Every address has the reader's language before it."""

from django.urls import path

from members.views import directory, join, meetings

urlpatterns = [
    path("cities/", directory.city_list, name="city_list"),
    path("join/", join.join, name="join"),
    path("join/resolution.txt", join.resolution_text, name="resolution_text"),
    path("join/interest/", join.interest_form, name="interest_form"),
    path("join/interest/thanks/", join.interest_thanks, name="interest_thanks"),
    path("join/interest/confirmed/", join.interest_confirmed, name="interest_confirmed"),
    path("join/interest/<str:token>/", join.interest_confirm, name="interest_confirm"),
    path("meetings/", meetings.meeting_list, name="meeting_list"),
    path("meetings/<int:pk>/", meetings.meeting_detail, name="meeting_detail"),
]
