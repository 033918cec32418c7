Feature: Warned before it is late
  A deadline warns while there is time, once, and activity does not push it away.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: mediation_limit - the mediator is warned when four fifths of the time are used
    Scenario: The day before
      Given Asha's dispute with Bram is in Ma's hands
      When it becomes Wednesday 8 May 2024, 23:59
      Then Ma was not reminded of "Mediation to end"

    Scenario: At the end of the twenty-fourth day
      Given Asha's dispute with Bram is in Ma's hands
      When it becomes Friday 10 May 2024, 00:00
      Then Ma was reminded once of "Mediation to end"

    Scenario: The worker was down for three days and runs twice
      Given Asha's dispute with Bram is in Ma's hands
      And it has become Monday 13 May 2024, 09:00
      When the worker runs again
      Then Ma was reminded once of "Mediation to end"

  Rule: no activity moves a deadline
    Scenario: Notes are written
      Given Asha's dispute with Bram is in Ma's hands
      And it has become Monday 22 April 2024, 09:00
      When Ma writes a note
      Then the deadline "Mediation to end" is Wednesday 15 May 2024
