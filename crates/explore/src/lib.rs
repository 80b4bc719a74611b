//! Strategies over schedules: the place of the explorer, which searches them all. It holds nothing yet: the policies that one run
//! needs (fair, random, PCT, replay) stand in `heddle_machine::scheduler`.
