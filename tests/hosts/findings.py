"""What the checks of a host can find; `YES` is what the project promises."""

YES = "yes"
ONE_AT_A_TIME = "one at a time"
HELD_BACK = "held back"
WHEN_IT_SPEAKS = "when the upstream speaks"
NOT_NOTICED = "not noticed"
LOOKS_WHOLE = "looks whole"
ENDS_THE_HOST = "ends the host"
