# Installs the packages of the page as package-lock.json has them; none of their scripts runs.
execute_process(
  COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
  WORKING_DIRECTORY ${FOLDER}
  RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "The packages of the map page (engine/report/package-lock.json) could not be installed. They come "
                      "from the npm registry: is it reached? Build again then, or without the page: cmake -DKAYOI_PAGE=OFF")
endif()
file(TOUCH ${FOLDER}/node_modules/.package-lock.json)
