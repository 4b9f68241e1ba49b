/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message.cc: ICU's MessageFormat with named arguments.
 *
 * in:     a pattern and its arguments
 * out:    UTF-8
 * knows:  nothing of catalogues and readers.  The only C++ of the host: ICU's C functions know
 *         arguments by number only.
 *
 * Parsing a pattern costs some ten times what using it does, so each thread keeps those it parsed
 * last, broken ones too.  A page has far fewer patterns than there are places; two that fall on the
 * same place take turns.
 */
#include "message.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unicode/msgfmt.h>
#include <vector>

namespace {

struct parsed {
    std::string language, pattern;                    // no pattern: nothing is kept here yet
    std::unique_ptr<icu::MessageFormat> format;     // none: the pattern is broken
};

constexpr size_t places = 256;
thread_local std::vector<parsed> kept;

parsed &parsed_find(const char *language, const char *pattern)
{
    if (kept.empty())
        kept.resize(places);
    std::hash<std::string_view> hash;
    parsed &p = kept[(hash(pattern) ^ hash(language)) % places];
    if (p.pattern == pattern && p.language == language)
        return p;
    UErrorCode status = U_ZERO_ERROR;
    icu::Locale locale = icu::Locale::forLanguageTag(language, status);
    if (U_FAILURE(status))
        locale = icu::Locale::getEnglish();
    status = U_ZERO_ERROR;
    p.language = language;
    p.pattern = pattern;
    p.format = std::make_unique<icu::MessageFormat>(icu::UnicodeString::fromUTF8(pattern), locale,
                                                    status);
    if (U_FAILURE(status))
        p.format.reset();
    return p;
}

}

bool message_format(struct buf *out, const char *language, const char *pattern,
                    const struct text_arg *args, size_t n_args)
{
    const parsed &p = parsed_find(language, pattern);
    if (!p.format)
        return false;
    std::vector<icu::UnicodeString> names(n_args);
    std::vector<icu::Formattable> values(n_args);
    for (size_t i = 0; i < n_args; i++) {
        names[i] = icu::UnicodeString::fromUTF8(args[i].name);
        if (args[i].text)
            values[i].setString(icu::UnicodeString::fromUTF8(args[i].text));
        else
            values[i].setInt64(args[i].number);
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString text;
    p.format->format(names.data(), values.data(), static_cast<int32_t>(n_args), text, status);
    if (U_FAILURE(status))
        return false;
    std::string utf8;
    text.toUTF8String(utf8);
    buf_put(out, utf8.data(), utf8.size());
    return true;
}
