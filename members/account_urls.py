"""Signing in and out, a second factor, a new password, an invitation. No language prefix: a
person's own language counts here."""

from django.urls import path, re_path

from members.views import (
    accounts,
    addresses,
    deadlines,
    factors,
    passkeys,
    provider,
    summaries,
    unsent,
)

urlpatterns = [
    path("login/", accounts.Login.as_view(), name="account_login"),
    path("unsent/", unsent.unsent_sign_in, name="unsent_sign_in"),
    path("unsent/again/", unsent.unsent_proof, name="unsent_proof"),
    path("logout/", accounts.Logout.as_view(), name="account_logout"),
    path("code/", factors.Code.as_view(), name="mfa_authenticate"),
    path("passkey/", passkeys.PasskeyLogin.as_view(), name="mfa_login_webauthn"),
    path("provider/", provider.provider_ask, name="provider_ask"),
    path("provider/answer/", provider.provider_answer, name="provider_answer"),
    path("safety/provider/", provider.provider_page, name="provider"),
    path("again/", factors.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("again/code/", factors.CodeAgain.as_view(), name="mfa_reauthenticate"),
    path("again/passkey/", passkeys.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("safety/sessions/", factors.sessions, name="sessions"),
    path("safety/address/", addresses.address_change, name="address_change"),
    path("address/<str:token>/", addresses.address_confirm, name="address_confirm"),
    path("safety/", factors.Safety.as_view(), name="mfa_index"),
    path("safety/app/", factors.AddApp.as_view(), name="mfa_activate_totp"),
    path("safety/app/remove/", factors.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("safety/passkeys/add/", passkeys.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("safety/passkeys/<int:pk>/", passkeys.RenamePasskey.as_view(), name="mfa_edit_webauthn"),
    path(
        "safety/passkeys/<int:pk>/remove/",
        passkeys.RemovePasskey.as_view(),
        name="mfa_remove_webauthn",
    ),
    path(
        "safety/passkeys/<int:pk>/confirm/",
        passkeys.ConfirmPasskey.as_view(),
        name="passkey_confirm",
    ),
    path("safety/codes/", factors.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path(
        "safety/codes/new/", factors.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"
    ),
    path(
        "safety/codes/file/",
        factors.RecoveryCodesFile.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("password/reset/", accounts.PasswordReset.as_view(), name="account_reset_password"),
    path(
        "password/reset/sent/",
        accounts.PasswordResetDone.as_view(),
        name="account_reset_password_done",
    ),
    path(
        "password/reset/done/",
        accounts.PasswordResetFromKeyDone.as_view(),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        accounts.PasswordResetFromKey.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/reset/<uidb64>/<token>/", accounts.old_reset_link, name="old_reset_link"),
    path("calendar/<str:token>.ics", deadlines.deadline_calendar, name="deadline_calendar"),
    path("summaries/<str:token>/", summaries.summaries_stop, name="summaries_stop"),
    path("invitation/<str:token>/", accounts.invitation_accept, name="invitation_accept"),
]
