/* kayoi help data. */
#ifndef KAYOI_CLI_DATA_CHECKLIST_H
#define KAYOI_CLI_DATA_CHECKLIST_H

#include <stdio.h>

/* One page: the data to get, where, and the key of the configuration that takes it. */
void ky_data_checklist(FILE *out);

#endif
