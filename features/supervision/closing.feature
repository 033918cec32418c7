Feature: Closed means performed, visited and seen by a second person
  Whoever worked on a case does not close it, and without the visits it is no substantive end.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: second_person - who worked on the case does not close it
    Scenario: The director was the mediator
      Given Du is appointed people's mediator from Monday 1 April 2024
      And Asha's dispute with Bram was settled by Du and visited on day 7 and day 30
      When Du closes the case
      Then it is refused under "second_person"

    Scenario: The head closes it
      Given Du is appointed people's mediator from Monday 1 April 2024
      And Asha's dispute with Bram was settled by Du and visited on day 7 and day 30
      When Chen closes the case
      Then the case is closed as "Settled and performed"
      And it counts as substantive

  Rule: visited - the grade says how many visits
    Scenario: Yellow, visited once
      Given Asha's dispute with Bram is being followed up
      And Wang has visited the parties after 7 days
      When Du closes the case
      Then it is refused under "visited"

    Scenario: Yellow, visited twice on one day
      Given Asha's dispute with Bram is being followed up
      And Wang has visited the parties after 7 days
      And Wang has visited the parties on the same day
      When Du closes the case
      Then it is refused under "visited"

    Scenario: Blue, visited once
      Given Asha's dispute with Bram, graded blue, is being followed up
      And Wang has visited the parties after 30 days
      When Du closes the case
      Then the case is closed as "Settled and performed"

    Scenario: Red, the first visit is due on the third day
      Given Asha's dispute with Bram, graded red, is being followed up
      When 4 days pass
      Then the deadline "Visit on day 3" is late

  Rule: found_well - a visit that finds something keeps the case open
    Scenario: The quarrel goes on under the surface
      Given Asha's dispute with Bram is being followed up
      And Wang has visited the parties after 7 days
      And Wang has visited the parties after 23 days and found a latent risk
      When Du closes the case
      Then it is refused under "found_well"

  Rule: end_follow_up - what nobody looked at again is no substantive end
    Scenario: Nobody visits
      Given Asha's dispute with Bram is being followed up
      When 61 days pass
      Then the case is closed as "Settled, performance not looked at again"
      And it counts as stage
