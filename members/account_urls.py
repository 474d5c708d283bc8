"""Signing in and out, a new password, an invitation. No language prefix: a person's own language
counts here."""

from django.urls import path

from members.views import accounts, unsent

urlpatterns = [
    path("login/", accounts.Login.as_view(), name="login"),
    path("unsent/", unsent.unsent_sign_in, name="unsent_sign_in"),
    path("logout/", accounts.Logout.as_view(), name="logout"),
    path("password/reset/", accounts.PasswordReset.as_view(), name="password_reset"),
    path("password/reset/sent/", accounts.PasswordResetDone.as_view(), name="password_reset_done"),
    path(
        "password/reset/done/",
        accounts.PasswordResetComplete.as_view(),
        name="password_reset_complete",
    ),
    path(
        "password/reset/<uidb64>/<token>/",
        accounts.PasswordResetConfirm.as_view(),
        name="password_reset_confirm",
    ),
    path("invitation/<str:token>/", accounts.invitation_accept, name="invitation_accept"),
]
