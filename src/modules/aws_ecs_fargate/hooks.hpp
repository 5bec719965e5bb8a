#pragma once

#include "engine/resource.hpp"

namespace iasql::modules {

// One column holds what are two numbers in AWS, and each container's log options name the region that the row has.
// Puts "cpu_memory" into a task definition as AWS returns it, null where its size is none that the column can say.
Value task_definition_with_size(Value task_definition);
// Puts both numbers and the regions into RegisterTaskDefinition's input. Throws Error (missing_value) where a new task
// definition has no size, as Fargate has no default.
void set_size_and_log_regions(const engine::Making& making, engine::Request& request);

// A row has one image in three columns that exclude each other and one environment as a JSON text; AWS has one image
// text and a list of pairs. Reading cannot know which repositories have rows, so that a row made of a structure has the
// image without tag and digest in image, repository_id and public_repository_id alike.
Value container_structure(const engine::Row& container);
engine::Row container_row(const Value& structure);

// A service names the container and the port that its target group sends to, which are in the task definition's row.
// Adds them wherever the target group is sent, and the target group wherever the task definition changes, whose
// containers may have other names. Throws Error (missing_value) where no essential container has a port.
void set_load_balanced_container(const engine::Making& making, engine::Request& request);

} // namespace iasql::modules
