#include "credentials/core_file.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace iasql::credentials {
namespace {

TEST(CoreFile, NoneOnceAKeyWasOpen) {
  const pid_t child = fork(); // it cannot be undone
  ASSERT_GE(child, 0);
  if (child == 0) {
    refuse_core_files();
    rlimit limit{1, 1};
    getrlimit(RLIMIT_CORE, &limit);
    _exit(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

} // namespace
} // namespace iasql::credentials
