/* The section `page`: what stands behind the map. */
#include <string.h>

#include "config_reader.h"

const ky_config_field ky_page_fields[KY_PAGE_FIELD_COUNT] = {
    {.key = "tiles",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = offsetof(ky_config, page_tiles),
     .example = " https://tiles.example.jp/{z}/{x}/{y}.png",
     .help = KY_MSG("Background tiles of the map page, by their address. Left out: none, and the page asks nobody for "
                    "anything; streets, zones and the border give orientation.")},
    {.key = "tiles_words",
     .type = KY_FIELD_TEXT,
     .store = KY_STORE_TEXT,
     .offset = offsetof(ky_config, page_tiles_words),
     .example = " 町の地形図",
     .help = KY_MSG("Whose tiles they are, as it stands on the map.")},
};

/* Letters that an address may have: none that could end a text or a rule of the page. */
static bool is_address(const char *url) {
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$()*+=%{}&";
  const size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
  const size_t host = scheme == 0 ? 0 : strcspn(url + scheme, "/?#");
  return host != 0 && strspn(url, allowed) == strlen(url) && strcspn(url + scheme, "{}@*") >= host &&
         strstr(url, "{z}") != NULL && strstr(url, "{x}") != NULL && strstr(url, "{y}") != NULL;
}

void ky_config_check_page(ky_config_reader *reader) {
  const ky_config *config = reader->config;
  const yaml_mark_t *mark = ky_config_given(reader, &config->page_tiles);
  if (mark == NULL || config->page_tiles == NULL || is_address(config->page_tiles)) return;
  ky_problem_add(&reader->problems, *mark,
                 ky_tr("page.tiles: '%.80s' is no address of tiles; write it as %s, with https:// or http://, {z}, {x} "
                       "and {y}"),
                 config->page_tiles, "https://tiles.example.jp/{z}/{x}/{y}.png");
}
