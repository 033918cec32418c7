Feature: The court confirms what was agreed
  Within thirty days the parties may together ask the court to confirm their agreement, so that it can be enforced.

  Background:
    Given it is Thursday 11 January 2024, 10:00

  Rule: court_window - thirty days, and a last day that is a holiday moves to the next working day
    Scenario: Day thirty falls into the Spring Festival
      When the agreement of Asha and Bram comes into force
      Then the deadline "Joint application to the court" is Sunday 18 February 2024

    Scenario: The parties are reminded on day 20 and on day 27
      Given the agreement of Asha and Bram has come into force
      When it becomes Thursday 8 February 2024, 00:00
      Then Asha and Bram were reminded twice of "Joint application to the court"

    Scenario: Nobody applies
      Given the agreement of Asha and Bram has come into force
      When it becomes Monday 19 February 2024, 00:00
      Then the confirmation is "Time to apply is over"
      And the audit trail dates "Time to apply is over" to Sunday 18 February 2024

  Rule: both_apply - the parties apply together
    Scenario: One party alone
      Given the agreement of Asha and Bram has come into force
      And Asha has applied for confirmation
      When Asha files the application with the court
      Then it is refused under "both_apply"
      And the refusal names Bram

    Scenario: Both
      Given the agreement of Asha and Bram has come into force
      And Asha has applied for confirmation
      And Bram has applied for confirmation
      When Asha files the application with the court
      Then the confirmation is "Before the court"

  Rule: confirmable - agreements about marriage or status are not confirmed
    Scenario: A marriage agreement
      Given the dispute is about a marriage
      And the agreement of Asha and Bram has come into force
      And Asha has applied for confirmation
      And Bram has applied for confirmation
      When Asha files the application with the court
      Then it is refused under "confirmable"

  Rule: court_refused - when the court refuses, the parties may mediate again
    Scenario: The court refuses
      Given the agreement of Asha and Bram is before the court
      And the court has refused to confirm it
      When Ma mediates again after the refusal
      Then the case is "Mediator named"

    Scenario: The court has not refused
      Given the agreement of Asha and Bram is before the court
      When Ma mediates again after the refusal
      Then it is refused under "court_refused"

  Rule: court_confirmed - only a confirmed agreement can be enforced
    Scenario: Breached and confirmed
      Given the agreement of Asha and Bram is before the court
      And the court has confirmed it
      And Bram has let the day and the grace pass
      When Asha applies for enforcement
      Then the case is closed as "Left to enforcement"

    Scenario: Breached and never confirmed
      Given the agreement of Asha and Bram has come into force
      And Bram has let the day and the grace pass
      When Asha applies for enforcement
      Then it is refused under "court_confirmed"
