; "Open with" for pictures and films: Heatlens is offered, nothing is taken over.
!define HEATLENS_KEY "Software\Classes\Applications\${APP_EXECUTABLE_FILENAME}"

!macro HeatlensOffers ENDING
  WriteRegStr SHELL_CONTEXT "${HEATLENS_KEY}\SupportedTypes" "${ENDING}" ""
!macroend

!macro customInstall
  WriteRegStr SHELL_CONTEXT "${HEATLENS_KEY}" "FriendlyAppName" "${PRODUCT_NAME}"
  WriteRegStr SHELL_CONTEXT "${HEATLENS_KEY}\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
  !insertmacro HeatlensOffers ".jpg"
  !insertmacro HeatlensOffers ".jpeg"
  !insertmacro HeatlensOffers ".png"
  !insertmacro HeatlensOffers ".webp"
  !insertmacro HeatlensOffers ".gif"
  !insertmacro HeatlensOffers ".tif"
  !insertmacro HeatlensOffers ".tiff"
  !insertmacro HeatlensOffers ".avif"
  !insertmacro HeatlensOffers ".mp4"
  !insertmacro HeatlensOffers ".mov"
  !insertmacro HeatlensOffers ".mkv"
  !insertmacro HeatlensOffers ".webm"
  !insertmacro HeatlensOffers ".avi"
!macroend

!macro customUnInstall
  DeleteRegKey SHELL_CONTEXT "${HEATLENS_KEY}"
!macroend
