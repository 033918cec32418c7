Feature: Entered after the case went to somebody else
  Whoever was without a signal loses nothing of his work. What he did before the case changed hands is kept as his,
  with both times, but the head sees it first.

  Background:
    Given it is Monday 15 April 2024, 08:00
    And Ou has a penalty case between Asha and Bram in its first mediation
    And it has become Monday 15 April 2024, 14:00
    And Ding has given it to Ouyang, because "Ou cannot be reached"
    And it has become Monday 15 April 2024, 20:00

  Rule: what was done before a seat changed hands goes to the head first
    Scenario: The mediation at ten, entered in the evening
      When Ou enters the mediation of Monday 15 April 2024, 10:00
      Then it is refused because "goes to the head first"
      And the case is "First mediation"

    Scenario: The head is asked
      When Ou asks the head to let in the mediation of Monday 15 April 2024, 10:00
      Then the request waits for "Head of the station"
      And the case is "First mediation"

    Scenario: The head lets it in
      Given Ou has asked the head to let in the mediation of Monday 15 April 2024, 10:00
      When Chen grants the request
      Then the case is "Second mediation"
      And the audit trail says it happened at 10:00 and was entered at 20:00
      And the audit trail names Ou as the one who did it and Chen as the one who entered it
      And Ouyang holds the seat of the handler

  Rule: who has lost a seat does nothing new in it
    Scenario: What he says he did afterwards
      When Ou enters the mediation of Monday 15 April 2024, 18:00
      Then it is refused because it "is for Handler"
