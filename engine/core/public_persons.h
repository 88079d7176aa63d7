/* Texts that may name a person, and venues in homes. */
#ifndef KAYOI_PUBLIC_PERSONS_H
#define KAYOI_PUBLIC_PERSONS_H

#include <stdbool.h>

/* Every part of the text (split at spaces and separators) is the name of a body: 本町老人クラブ, 通井町 社会福祉協議会.
 * What may be a person's name is none, whatever stands beside it. */
bool ky_text_names_bodies(const char *text);
/* Numbers of telephones, addresses of web pages and the words beside them; no name can be among them. */
bool ky_text_is_contact(const char *text);
/* A venue in a home, by the kind of building or by its name (個人宅, 自宅, 山田さん宅). */
bool ky_venue_is_home(const char *kind, const char *name);

#endif
