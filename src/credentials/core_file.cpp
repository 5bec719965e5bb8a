#include "credentials/core_file.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace iasql::credentials {

void refuse_core_files() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

} // namespace iasql::credentials
