/* common.c: long passwords that people choose most, as lists of leaked ones show, in French and English. Shorter ones are refused by
 * their length. Sorted by bytes. */
#include <stdlib.h>
#include <string.h>

#include "platform/account/account_private.h"

static const char *const common[] = {
    "012345678910",         "0123456789ab",
    "0987654321ab",         "123456789000",
    "1234567890123",        "12345678901234",
    "123456789012345",      "1234567890az",
    "1234567890qw",         "123456789abc",
    "12345678abcd",         "1234567azerty",
    "123456azerty",         "1234abcd5678",
    "123qweasdzxc",         "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u8i",     "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",     "a1b2c3d4e5f6",
    "a1z2e3r4t5y6",         "abc123abc123",
    "abcd12345678",         "abcdef123456",
    "abcdefghijkl",         "abcdefghijklm",
    "administrateur",       "administrator",
    "administrator1",       "allezlesbleus",
    "azerty123456",         "azerty1234567",
    "azertyazerty",         "azertyuiop12",
    "azertyuiop123",        "azertyuiopqs",
    "azertyuiopqsdfghjklm", "barcelona123",
    "bienvenue123",         "bonjour12345",
    "bonjourbonjour",       "bonjourtoutlemonde",
    "changeme1234",         "changezmoi123",
    "chocolat1234",         "computer1234",
    "constantinople",       "doudoudoudou",
    "football1234",         "iloveyou1234",
    "iloveyou2you",         "iloveyouforever",
    "jesuisunchat",         "jetaimejetaime",
    "jetaimemamour",        "jetaimepourtoujours",
    "letmeinletmein",       "loulouloulou",
    "maillage1234",         "marseille013",
    "marseille1313",        "michaeljackson",
    "monanniversaire",      "monmotdepasse",
    "motdepasse12",         "motdepasse123",
    "motdepasse1234",       "motdepassemotdepasse",
    "nicolasnicolas",       "olympiquedemarseille",
    "parissaintgermain",    "passw0rd1234",
    "password1234",         "password12345",
    "password123456",       "passwordpassword",
    "princesse123",         "q1w2e3r4t5y6",
    "qazwsxedcrfv",         "qwerty123456",
    "qwerty1234567",        "qwertyqwerty",
    "qwertyuiop12",         "qwertyuiop123",
    "qwertyuiopas",         "qwertyuiopasdfghjklzxcvbnm",
    "secretsecret",         "soleil123456",
    "startrek1234",         "superman1234",
    "unmotdepasse",         "welcome12345",
    "wxcvbnqsdfgh",         "zaq12wsxcde3",
};

static int compare(const void *key, const void *item) { return strcmp(key, *(const char *const *)item); }

bool account_password_is_common(const char *folded)
{
    return bsearch(folded, common, sizeof common / sizeof *common, sizeof *common, compare) != NULL;
}
