"""Ukrainian dates and times in lists of the administration, as the pages write them (CLDR)."""

DATE_FORMAT = "j E Y р."
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j E Y р., H:i"
SHORT_DATE_FORMAT = DATE_FORMAT
SHORT_DATETIME_FORMAT = DATETIME_FORMAT
# Django's own has the month in the first case: "29 Листопад".
MONTH_DAY_FORMAT = "j E"
